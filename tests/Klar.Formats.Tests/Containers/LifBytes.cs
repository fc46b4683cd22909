using System.Globalization;
using System.Text;

namespace Klar.Formats.Tests.Containers;

/// <summary>LIF files as the format is described.</summary>
internal static class LifBytes
{
    /// <summary>An image whose memory counts up from 0, in bytes or 16-bit numbers.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Dimensions">Number, count and stride in bytes of each dimension.</param>
    /// <param name="Channels">The offset of each channel in bytes.</param>
    /// <param name="Bytes">Bytes of its memory.</param>
    /// <param name="Bits">Bits of a sample.</param>
    /// <param name="Colours">Whether channels are a camera's red, green and blue.</param>
    public sealed record Image(
        string Name,
        (string Id, int Count, int Stride)[] Dimensions,
        int[] Channels,
        int Bytes,
        int Bits = 8,
        bool Colours = false);

    /// <summary>The file.</summary>
    public static byte[] Of(int version, params Image[] images)
    {
        using var bytes = new MemoryStream();
        using var file = new BinaryWriter(bytes);
        string elements = string.Concat(images.Select(Xml));
        string xml = $"<LMSDataContainerHeader Version=\"{version}\"><Element Name=\"file\"><Children>"
            + $"{elements}</Children></Element></LMSDataContainerHeader>";
        file.Write(0x70);
        file.Write(5 + (2 * xml.Length));
        file.Write((byte)0x2A);
        file.Write(xml.Length);
        file.Write(Encoding.Unicode.GetBytes(xml));
        foreach (Image image in images)
        {
            string block = "MemBlock_" + image.Name;
            file.Write(0x70);
            file.Write(10 + (2 * block.Length));
            file.Write((byte)0x2A);
            if (version == 1)
            {
                file.Write(image.Bytes);
            }
            else
            {
                file.Write((long)image.Bytes);
            }

            file.Write((byte)0x2A);
            file.Write(block.Length);
            file.Write(Encoding.Unicode.GetBytes(block));
            for (int i = 0; i < image.Bytes; i++)
            {
                file.Write((byte)(image.Bits <= 8 ? i : i % 2 == 0 ? i / 2 : 1));
            }
        }

        return bytes.ToArray();
    }

    private static string Xml(Image image)
    {
        IEnumerable<string> channels = image.Channels.Select((offset, i) => string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <ChannelDescription DataType="0" ChannelTag="{(image.Colours ? i + 1 : 0)}" Resolution="{image.Bits}"
              LUTName="{(i == 0 ? "Green" : "Red")}" BytesInc="{offset}"/>
            """));
        IEnumerable<string> dimensions = image.Dimensions.Select(static dimension => string.Create(
            CultureInfo.InvariantCulture,
            $"""
            <DimensionDescription DimID="{dimension.Id}" NumberOfElements="{dimension.Count}"
              BytesInc="{dimension.Stride}" Length="{(dimension.Count - 1) * (dimension.Id == "4" ? 0.5 : 2e-7)}"
              Unit="{(dimension.Id == "4" ? "s" : "m")}"/>
            """));
        return $"<Element Name=\"{image.Name}\"><Data><Image><ImageDescription>"
            + $"<Channels>{string.Concat(channels)}</Channels><Dimensions>{string.Concat(dimensions)}</Dimensions>"
            + "</ImageDescription></Image></Data>"
            + $"<Memory Size=\"{image.Bytes}\" MemoryBlockID=\"MemBlock_{image.Name}\"/></Element>";
    }
}
