using System.Numerics;
using System.Runtime.InteropServices;

namespace Klar.Formats;

/// <summary>Smaller copies of pages, for pyramids.</summary>
internal static class ReducedSamples
{
    /// <summary>
    /// A copy of another size, of which each sample is the mean of those that it stands for, rounded where the type is
    /// whole; or, for samples whose mean means nothing, the one in their middle.
    /// </summary>
    public static RawSamples Of(
        RawSamples samples, (int Width, int Height) from, (int Width, int Height) to, SampleType type, bool averaged,
        CancellationToken cancel = default) => type switch
        {
            SampleType.UInt8 => Of<byte>(samples, from, to, type, averaged, cancel),
            SampleType.Int8 => Of<sbyte>(samples, from, to, type, averaged, cancel),
            SampleType.UInt16 => Of<ushort>(samples, from, to, type, averaged, cancel),
            SampleType.Int16 => Of<short>(samples, from, to, type, averaged, cancel),
            SampleType.UInt32 => Of<uint>(samples, from, to, type, averaged, cancel),
            SampleType.Int32 => Of<int>(samples, from, to, type, averaged, cancel),
            SampleType.Float32 => Of<float>(samples, from, to, type, averaged, cancel),
            _ => Of<double>(samples, from, to, type, averaged, cancel),
        };

    private static RawSamples Of<T>(
        RawSamples samples, (int Width, int Height) from, (int Width, int Height) to, SampleType type, bool averaged,
        CancellationToken cancel)
        where T : unmanaged, INumber<T>
    {
        int channels = samples.Channels;
        byte[] bytes = new byte[(long)to.Width * to.Height * channels * ImageFile.SizeOf(type)];
        ReadOnlySpan<T> source = MemoryMarshal.Cast<byte, T>(samples.Bytes);
        Span<T> target = MemoryMarshal.Cast<byte, T>(bytes.AsSpan());
        bool whole = type is not (SampleType.Float32 or SampleType.Float64);
        for (int y = 0; y < to.Height; y++)
        {
            cancel.ThrowIfCancellationRequested();
            (int top, int bottom) = Covered(y, to.Height, from.Height, averaged);
            for (int x = 0; x < to.Width; x++)
            {
                (int left, int right) = Covered(x, to.Width, from.Width, averaged);
                for (int c = 0; c < channels; c++)
                {
                    double sum = 0;
                    for (int j = top; j < bottom; j++)
                    {
                        for (int i = left; i < right; i++)
                        {
                            sum += double.CreateTruncating(source[(((j * from.Width) + i) * channels) + c]);
                        }
                    }

                    double mean = sum / ((right - left) * (bottom - top));
                    target[(((y * to.Width) + x) * channels) + c] =
                        T.CreateTruncating(whole ? Math.Round(mean) : mean);
                }
            }
        }

        return new RawSamples(bytes, type, channels);
    }

    /// <summary>The places of the larger side that one of the smaller side stands for.</summary>
    private static (int From, int To) Covered(int place, int size, int of, bool all)
    {
        int from = (int)((long)place * of / size);
        int to = Math.Max(from + 1, (int)(((long)place + 1) * of / size));
        int middle = (from + to) / 2;
        return all ? (from, to) : (middle, middle + 1);
    }
}
