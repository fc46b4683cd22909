using System.Globalization;
using Klar.Formats.Containers;

namespace Klar.Formats;

/// <summary>ImageJ's description of a stack: lines of name=value behind a line «ImageJ=version».</summary>
internal sealed class ImageJDescription
{
    private readonly List<(string Name, string Value)> _lines;
    private readonly string _ending;

    private ImageJDescription(List<(string Name, string Value)> lines, string ending) =>
        (_lines, _ending) = (lines, ending);

    /// <summary>Pages; 1 where it says nothing.</summary>
    public int Images => Math.Max(1, Number("images"));

    /// <summary>Frames, slices and channels, 1 where it says nothing; slices for a stack that says no more.</summary>
    public (int Frames, int Slices, int Channels) Sizes
    {
        get
        {
            (int frames, int slices, int channels) =
                (Math.Max(1, Number("frames")), Math.Max(1, Number("slices")), Math.Max(1, Number("channels")));
            return frames * slices * channels == 1 ? (1, Images, 1) : (frames, slices, channels);
        }
    }

    /// <summary>The unit of length; null where it says none.</summary>
    public string? Unit => _lines.Find(static line => line.Name == "unit").Value is { } unit
        && !string.IsNullOrWhiteSpace(unit) ? unit.Trim() : null;

    /// <summary>The distance of slices in micrometres; null where it says none.</summary>
    public double? SliceMicrometres => PixelSize.Usable(Fraction("spacing") * Micrometres.In(Unit));

    /// <summary>The time from frame to frame in seconds; null where it says none.</summary>
    public double? FrameSeconds => PixelSize.Usable(Fraction("finterval"));

    /// <summary>Null where the text is not ImageJ's.</summary>
    public static ImageJDescription? Of(string description)
    {
        if (!description.StartsWith("ImageJ=", StringComparison.Ordinal))
        {
            return null;
        }

        var lines = new List<(string, string)>();
        foreach (string line in description.TrimEnd('\0').Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = line.IndexOf('=', StringComparison.Ordinal);
            lines.Add(equals < 0 ? (line, string.Empty) : (line[..equals], line[(equals + 1)..].TrimEnd('\r')));
        }

        return new ImageJDescription(lines, description.EndsWith('\n') ? "\n" : string.Empty);
    }

    /// <summary>The description of fewer pages.</summary>
    /// <param name="frames">Frames.</param>
    /// <param name="slices">Slices.</param>
    /// <param name="channels">Channels.</param>
    /// <param name="range">Another display range; null for its own.</param>
    public string With(int frames, int slices, int channels, (double Least, double Most)? range)
    {
        (string Name, int Count)[] counts = [(
            "images", frames * slices * channels), ("channels", channels), ("slices", slices), ("frames", frames)];
        var lines = new List<string>();
        foreach ((string name, string value) in _lines)
        {
            int at = Array.FindIndex(counts, count => count.Name == name);
            if (range is not null && (name is "min" or "max"))
            {
                continue;
            }

            lines.Add($"{name}={(at < 0 ? value : counts[at].Count.ToString(CultureInfo.InvariantCulture))}");
        }

        if (range is var (least, most))
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"min={least:R}"));
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"max={most:R}"));
        }

        return string.Join('\n', lines) + _ending;
    }

    private double? Fraction(string name) => HeaderXml.Number(_lines.Find(line => line.Name == name).Value);

    private int Number(string name) => int.TryParse(
        _lines.Find(line => line.Name == name).Value, NumberStyles.Integer, CultureInfo.InvariantCulture,
        out int number) ? number : 0;
}
