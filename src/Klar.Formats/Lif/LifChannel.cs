using System.Xml.Linq;
using Klar.Formats.Containers;

namespace Klar.Formats.Lif;

/// <summary>A channel of an image (ChannelDescription).</summary>
/// <param name="Type">Its sample type; null for those that Klar does not read.</param>
/// <param name="Tag">0 for gray, 1, 2 and 3 for a camera's red, green and blue.</param>
/// <param name="Offset">Bytes from the image's beginning to its first sample (BytesInc).</param>
/// <param name="Lut">The look-up table in which it is shown; empty for none.</param>
internal sealed record LifChannel(SampleType? Type, int Tag, long Offset, string Lut)
{
    private const int WholeNumbers = 0;
    private const int Floats = 1;

    /// <summary>Of its element.</summary>
    public static LifChannel Of(XElement channel) => new(
        (channel.Integer("DataType", 0), channel.Integer("Resolution", 0)) switch
        {
            (WholeNumbers, >= 1 and <= 8) => SampleType.UInt8,
            (WholeNumbers, > 8 and <= 16) => SampleType.UInt16,
            (WholeNumbers, 32) => SampleType.UInt32,
            (Floats, 32) => SampleType.Float32,
            (Floats, 64) => SampleType.Float64,
            _ => null,
        },
        channel.Integer("ChannelTag", 0),
        (long)(channel.Number("BytesInc") ?? 0),
        channel.Attribute("LUTName")?.Value ?? string.Empty);

    /// <summary>What is said about it.</summary>
    public ImageChannel Described => new()
    {
        Name = Lut.Length > 0 ? Lut : null,
        Colour = Lut.ToUpperInvariant() switch
        {
            "RED" => (255, 0, 0),
            "GREEN" => (0, 255, 0),
            "BLUE" => (0, 0, 255),
            "CYAN" => (0, 255, 255),
            "MAGENTA" => (255, 0, 255),
            "YELLOW" => (255, 255, 0),
            "GRAY" or "GREY" => (255, 255, 255),
            _ => null,
        },
    };
}
