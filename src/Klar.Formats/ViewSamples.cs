using System.Numerics;
using System.Runtime.InteropServices;

namespace Klar.Formats;

/// <summary>
/// A page's samples for programs that show them: channel after channel, row after row, low byte first; 8 and 16 bits
/// unsigned as they stand in the file, every other type as 32-bit floats, in the file's own grey levels. Transparency
/// is left out.
/// </summary>
public static class ViewSamples
{
    /// <summary>A rectangle of a page.</summary>
    /// <param name="page">The page as it was read.</param>
    /// <param name="region">The rectangle, inside the page.</param>
    /// <param name="denoised">
    /// What became of the rectangle, of its size, rounded and clipped as it is when a file is written; null for the
    /// page itself.
    /// </param>
    public static byte[] Of(LoadedImage page, (int X, int Y, int Width, int Height) region, Image? denoised = null)
    {
        ArgumentNullException.ThrowIfNull(page);
        RawSamples part = page.Raw.Part(page.Info.Width, region.X, region.Y, region.Width, region.Height);
        RawSamples shown = denoised is null ? part : part.With(denoised.Planes, denoised.Scale).Samples;
        int pixels = region.Width * region.Height, colours = page.Info.Channels;
        return page.Info.SampleType switch
        {
            SampleType.UInt8 => Planar<byte, byte>(shown, pixels, colours),
            SampleType.Int8 => Planar<sbyte, float>(shown, pixels, colours),
            SampleType.UInt16 => Planar<ushort, ushort>(shown, pixels, colours),
            SampleType.Int16 => Planar<short, float>(shown, pixels, colours),
            SampleType.UInt32 => Planar<uint, float>(shown, pixels, colours),
            SampleType.Int32 => Planar<int, float>(shown, pixels, colours),
            SampleType.Float32 => Planar<float, float>(shown, pixels, colours),
            _ => Planar<double, float>(shown, pixels, colours),
        };
    }

    private static byte[] Planar<TFrom, TTo>(RawSamples samples, int pixels, int colours)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        byte[] bytes = new byte[(long)pixels * colours * Marshal.SizeOf<TTo>()];
        ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(samples.Bytes);
        Span<TTo> to = MemoryMarshal.Cast<byte, TTo>(bytes.AsSpan());
        for (int c = 0; c < colours; c++)
        {
            for (int i = 0; i < pixels; i++)
            {
                to[(c * pixels) + i] = TTo.CreateTruncating(from[(i * samples.Channels) + c]);
            }
        }

        return bytes;
    }
}
