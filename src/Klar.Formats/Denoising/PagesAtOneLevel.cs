namespace Klar.Formats.Denoising;

/// <summary>
/// The pages of a stack at the level of the first page in time, at the same place on all other axes; or as they are,
/// unless that is asked for.
/// </summary>
internal sealed class PagesAtOneLevel
{
    private readonly Func<int, Image> _read;
    private readonly StackAxes _axes;
    private readonly char? _axis;
    private readonly CancellationToken _cancel;
    private readonly Dictionary<int, PageLevels> _levels = [];

    /// <param name="axes">What the pages are.</param>
    /// <param name="handling">What is asked for.</param>
    /// <param name="read">Reads a page.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="InvalidRequestException">Levels are asked for, and the file has no time.</exception>
    public PagesAtOneLevel(StackAxes axes, DriftHandling handling, Func<int, Image> read, CancellationToken cancel)
    {
        (_axes, _read, _cancel) = (axes, read, cancel);
        _axis = handling == DriftHandling.On
            ? TimeOf(axes) ?? throw new InvalidRequestException("--drift on: the file has no pages along time")
            : null;
    }

    /// <summary>The axis along which levels drift; null where there is none.</summary>
    public static char? TimeOf(StackAxes axes) => new[] { 'T', StackAxes.Unknown }
        .Where(axis => axes.SizeOf(axis) > 1)
        .Select(static axis => (char?)axis)
        .FirstOrDefault();

    /// <summary>A page, at the level of the first where that is asked for.</summary>
    public Image Of(int page, Image image) =>
        LevelsOf(page) is var (levels, place) ? levels.Levelled(place, image) : image;

    /// <summary>A page that was levelled, at its own level.</summary>
    public Image Restored(int page, Image image) =>
        LevelsOf(page) is var (levels, place) ? levels.Restored(place, image) : image;

    private (PageLevels Levels, int Place)? LevelsOf(int page)
    {
        if (_axis is not { } axis)
        {
            return null;
        }

        (int place, int step) = (_axes.PlaceOf(page, axis), _axes.StepOf(axis));
        int first = page - (place * step);
        if (!_levels.TryGetValue(first, out PageLevels? levels))
        {
            _levels[first] = levels = PageLevels.Of(
                _axes.SizeOf(axis), other => _read(first + (other * step)), _cancel);
        }

        return (levels, place);
    }
}
