using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Klar.Formats;

namespace Klar.Cli.Viewing;

/// <summary>A page as a small picture, in the oldest format that every browser shows: BMP, 24 bits.</summary>
internal static class Thumbnail
{
    private const int HeaderBytes = 54;

    /// <summary>The whole page, its longer side <paramref name="side"/> pixels at most.</summary>
    public static byte[] Of(LoadedImage page, int side)
    {
        (int width, int height) = (page.Info.Width, page.Info.Height);
        byte[] bytes = ViewSamples.Of(page, (0, 0, width, height));
        LevelsDocument levels = StackLevels.Of(StackLevels.Values(page));
        return page.Info.SampleType switch
        {
            SampleType.UInt8 => Of<byte>(bytes, width, height, page.Info.Channels, levels, side),
            SampleType.UInt16 => Of<ushort>(bytes, width, height, page.Info.Channels, levels, side),
            _ => Of<float>(bytes, width, height, page.Info.Channels, levels, side),
        };
    }

    private static byte[] Of<T>(byte[] bytes, int width, int height, int channels, LevelsDocument levels, int side)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        ReadOnlySpan<T> samples = MemoryMarshal.Cast<byte, T>(bytes);
        double shrink = Math.Max(1, (double)Math.Max(width, height) / side);
        int across = Math.Max(1, (int)(width / shrink)), down = Math.Max(1, (int)(height / shrink));
        int rowBytes = ((3 * across) + 3) / 4 * 4; // rows of a BMP are whole words
        byte[] file = Header(across, down, rowBytes);
        for (int y = 0; y < down; y++)
        {
            for (int x = 0; x < across; x++)
            {
                Span<byte> pixel = file.AsSpan(HeaderBytes + ((down - 1 - y) * rowBytes) + (3 * x), 3);
                for (int c = 0; c < 3; c++) // blue, green, red
                {
                    int plane = channels >= 3 ? (2 - c) * width * height : 0;
                    double value = Mean(samples[plane..], width, x, y, width, height, across, down);
                    pixel[c] = (byte)(255 * Math.Clamp((value - levels.Black) / (levels.White - levels.Black), 0, 1));
                }
            }
        }

        return file;
    }

    /// <summary>The mean of the samples that fall together in one pixel.</summary>
    private static double Mean<T>(
        ReadOnlySpan<T> samples, int stride, int x, int y, int width, int height, int across, int down)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        (int left, int top) = ((int)((long)x * width / across), (int)((long)y * height / down));
        int right = Math.Max(left + 1, (int)((long)(x + 1) * width / across));
        int bottom = Math.Max(top + 1, (int)((long)(y + 1) * height / down));
        double sum = 0;
        int count = 0;
        for (int row = top; row < bottom; row++)
        {
            foreach (T sample in samples.Slice((row * stride) + left, right - left))
            {
                double value = double.CreateTruncating(sample);
                if (double.IsFinite(value))
                {
                    sum += value;
                    count++;
                }
            }
        }

        return count == 0 ? 0 : sum / count;
    }

    private static byte[] Header(int width, int height, int rowBytes)
    {
        byte[] file = new byte[HeaderBytes + (rowBytes * height)];
        "BM"u8.CopyTo(file);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(2), file.Length);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(10), HeaderBytes);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(14), 40); // the size of what follows: BITMAPINFOHEADER
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(18), width);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(22), height);
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(26), 1); // planes
        BinaryPrimitives.WriteInt16LittleEndian(file.AsSpan(28), 24); // bits of a pixel
        return file;
    }
}
