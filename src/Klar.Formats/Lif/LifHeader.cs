using System.Xml.Linq;
using Klar.Formats.Containers;

namespace Klar.Formats.Lif;

/// <summary>What the XML says about an image: its channels, its dimensions, its memory.</summary>
internal sealed record LifHeader
{
    private LifHeader()
    {
    }

    /// <summary>The names of its folders and its own.</summary>
    public required string Name { get; init; }

    /// <summary>The XML that describes it.</summary>
    public required XElement Xml { get; init; }

    /// <summary>The objective, where the settings of a confocal or a camera name it.</summary>
    public Objective? Objective =>
        Xml.Descendants().FirstOrDefault(static one => one.Attribute("ObjectiveName") is not null) is not { } settings
            ? null
            : new Objective(
                settings.Attribute("ObjectiveName")!.Value.Trim(),
                settings.Number("Magnification"),
                settings.Number("NumericalAperture"),
                settings.Attribute("Immersion")?.Value);

    /// <summary>Its channels; at least one.</summary>
    public required LifChannel[] Channels { get; init; }

    /// <summary>Its dimensions, the fastest first.</summary>
    public required LifDimension[] Dimensions { get; init; }

    /// <summary>The sample type of all channels.</summary>
    public required SampleType Type { get; init; }

    /// <summary>Where its memory lies.</summary>
    public required (long At, long Bytes) Memory { get; init; }

    /// <summary>Of an Image element; null where nothing was recorded.</summary>
    /// <exception cref="BadImageFileException">Its samples are missing or not readable.</exception>
    public static LifHeader? Of(XElement image, LifBlocks blocks)
    {
        XElement? description = image.Element("ImageDescription"), element = image.Parent?.Parent;
        XElement? memory = element?.Element("Memory");
        LifChannel[] channels = [.. (description.At("Channels")?.Elements() ?? []).Select(LifChannel.Of)];
        LifDimension[] dimensions = [.. (description.At("Dimensions")?.Elements() ?? []).Select(LifDimension.Of)];
        if (channels.Length == 0 || dimensions.Length == 0 || element is null || memory.Number("Size") is null or 0)
        {
            return null;
        }

        string name = NameOf(element), block = memory!.Attribute("MemoryBlockID")?.Value ?? string.Empty;
        if (!Array.TrueForAll(channels, channel => channel.Type == channels[0].Type))
        {
            throw new BadImageFileException($"the channels of its image '{name}' have different sample types");
        }

        return new LifHeader
        {
            Name = name,
            Xml = image,
            Channels = channels,
            Dimensions = dimensions,
            Type = channels[0].Type
                ?? throw new BadImageFileException($"the sample type of its image '{name}' is not one that Klar reads"),
            Memory = blocks.Memory(block)
                ?? throw new BadImageFileException($"truncated: the samples of its image '{name}' are missing"),
        };
    }

    /// <exception cref="BadImageFileException">Some of the samples would lie outside of the image's memory.</exception>
    public void RefuseBeyondMemory(long fileBytes)
    {
        Int128 samples = Channels.Length, last = Channels.Max(static channel => channel.Offset);
        bool sound = Channels.Min(static channel => channel.Offset) >= 0;
        foreach (LifDimension dimension in Dimensions)
        {
            sound &= dimension is { Count: > 0, Stride: >= 0 };
            samples *= Math.Max(1, dimension.Count);
            last += (Int128)dimension.Stride * Math.Max(0, dimension.Count - 1);
            sound &= samples <= long.MaxValue && last <= long.MaxValue;
        }

        int size = ImageFile.SizeOf(Type);
        if (!sound || last + size > Memory.Bytes || samples * size > Memory.Bytes)
        {
            throw new BadImageFileException($"damaged: the sizes of its image '{Name}' do not fit its memory");
        }

        if (Memory.Bytes > fileBytes - Memory.At)
        {
            throw new BadImageFileException($"truncated: the end of its image '{Name}' is missing");
        }
    }

    private static string NameOf(XElement element)
    {
        // The outermost element is the file's own.
        IEnumerable<XElement> path = element.AncestorsAndSelf("Element").Reverse().Skip(1);
        return string.Join('/', path.Select(static one => one.Attribute("Name")?.Value ?? string.Empty));
    }
}
