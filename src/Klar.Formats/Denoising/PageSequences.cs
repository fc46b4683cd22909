namespace Klar.Formats.Denoising;

/// <summary>
/// The pages of a stack that help each other: those along one axis, at the same place on all others. Never along
/// channels.
/// </summary>
internal sealed class PageSequences
{
    // Planes of single precision that a sequence keeps between its pages, and those that the work on one of them takes.
    private const int KeptPlanes = 46;
    private const int WorkPlanes = 24;

    private readonly ImageStack _stack;
    private readonly StackAxes _axes;
    private readonly SampleScale _scale;
    private readonly DenoiseRequest _request;
    private readonly Dictionary<int, AcrossPages> _sequences = [];
    private readonly char? _axis;

    /// <param name="stack">The file.</param>
    /// <param name="axes">What its pages are.</param>
    /// <param name="scale">Their scale.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="plan">The memory that a page takes alone.</param>
    /// <exception cref="InvalidRequestException">The stack does not have the axis that is asked for.</exception>
    public PageSequences(
        ImageStack stack, StackAxes axes, SampleScale scale, DenoiseRequest request, MemoryPlan plan)
    {
        (_stack, _axes, _scale, _request) = (stack, axes, scale, request);
        _axis = AxisOf(plan);
    }

    /// <summary>The sequence that a page is one of, and its place there; null where pages are denoised alone.</summary>
    public (AcrossPages Pages, int Place)? Of(int page)
    {
        if (_axis is not { } axis)
        {
            return null;
        }

        (int place, int step) = (_axes.PlaceOf(page, axis), _axes.StepOf(axis));
        int first = page - (place * step);
        if (!_sequences.TryGetValue(first, out AcrossPages? sequence))
        {
            // Of finished sequences nothing is kept.
            foreach (int past in _sequences.Keys.Where(other => other < first - step).ToArray())
            {
                _ = _sequences.Remove(past);
            }

            _sequences[first] = sequence = new AcrossPages(
                _axes.SizeOf(axis),
                other => _stack.Read(first + (other * step), _scale).Image,
                run => MissingSamples.Around(_request.Method.Create(run), _request),
                _request.Neighbours);
        }

        return (sequence, place);
    }

    private char? AxisOf(MemoryPlan plan)
    {
        bool isAble = _request.Method.Method?.TakesNeighbours == true && plan.TileSide is null;
        char[] asked = _request.Across switch
        {
            AcrossChoice.Off => [],
            AcrossChoice.Time => [Existing('T')],
            AcrossChoice.Depth => [Existing('Z')],
            _ => ['T', 'Z', StackAxes.Unknown],
        };
        return asked
            .Where(axis => isAble && _axes.SizeOf(axis) > 1 && plan.HasRoomFor(BytesOf(axis), _request.MaxMemory))
            .Select(static axis => (char?)axis)
            .FirstOrDefault();
    }

    private char Existing(char axis) => _axes.SizeOf(axis) > 1
        ? axis
        : throw new InvalidRequestException(
            $"--across {char.ToLowerInvariant(axis)}: the file has {(_stack.Pages == 1 ? "one page" : _axes)}");

    /// <summary>Sequences whose pages lie between each other in the file are all kept.</summary>
    private long BytesOf(char axis)
    {
        long samples = (long)_stack.Info.Width * _stack.Info.Height * _stack.Info.Channels;
        return samples * sizeof(float) * ((KeptPlanes * (long)_axes.StepOf(axis)) + WorkPlanes);
    }
}
