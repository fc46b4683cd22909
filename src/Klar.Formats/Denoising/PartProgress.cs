namespace Klar.Formats.Denoising;

/// <summary>The progress of one of several equal parts, reported as a part of the whole.</summary>
internal sealed class PartProgress : IProgress<DenoiseProgress>
{
    private readonly IProgress<DenoiseProgress> _whole;
    private readonly string _name;
    private readonly int _part;
    private readonly int _parts;

    private PartProgress(IProgress<DenoiseProgress> whole, string name, int part, int parts) =>
        (_whole, _name, _part, _parts) = (whole, name, part, parts);

    /// <summary>
    /// Part <paramref name="part"/>, from 0, of <paramref name="parts"/>, which are called <paramref name="name"/>;
    /// null where nobody asks for it.
    /// </summary>
    public static PartProgress? Of(IProgress<DenoiseProgress>? whole, string name, int part, int parts) =>
        whole is null ? null : new PartProgress(whole, name, part, parts);

    /// <inheritdoc/>
    public void Report(DenoiseProgress value) =>
        _whole.Report(new DenoiseProgress(
            _parts == 1 ? value.Stage : $"{_name} {_part + 1} of {_parts}: {value.Stage}",
            (_part + value.Fraction) / _parts));
}
