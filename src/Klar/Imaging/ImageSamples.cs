using System.Numerics;
using Klar.Imaging;

namespace Klar;

/// <summary>Images from a program's own arrays, and back.</summary>
public sealed partial class Image
{
    /// <summary>An image of 8-bit samples.</summary>
    /// <param name="samples">Row by row from the top, the channels of a pixel next to each other.</param>
    /// <param name="width">Pixels in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">Channels of a pixel; three are taken as red, green and blue.</param>
    /// <exception cref="ArgumentException">There are not width · height · channels samples.</exception>
    public static Image From(ReadOnlySpan<byte> samples, int width, int height, int channels = 1) =>
        From(samples, width, height, channels, SampleScale.EightBit);

    /// <summary>An image of integers with up to 16 bits, whose scale is their own range.</summary>
    /// <inheritdoc cref="From(ReadOnlySpan{byte}, int, int, int)"/>
    public static Image From(ReadOnlySpan<ushort> samples, int width, int height, int channels = 1)
    {
        (ushort least, ushort most) = (ushort.MaxValue, ushort.MinValue);
        foreach (ushort sample in samples)
        {
            (least, most) = (ushort.Min(least, sample), ushort.Max(most, sample));
        }

        return From(samples, width, height, channels, SampleScale.OfIntegers(least, most));
    }

    /// <summary>
    /// An image of floats: 0 is black and 1 is white where all but outliers are between −0.5 and 1.5; else the scale is
    /// their range without outliers.
    /// </summary>
    /// <inheritdoc cref="From(ReadOnlySpan{byte}, int, int, int)"/>
    public static Image From(ReadOnlySpan<float> samples, int width, int height, int channels = 1)
    {
        Image asGiven = From(samples, width, height, channels, SampleScale.UnitFloats);
        (double low, double high) = RobustRange.Of(asGiven);
        var scale = SampleScale.OfFloats(low, high);
        return scale == SampleScale.UnitFloats ? asGiven : From(samples, width, height, channels, scale);
    }

    /// <summary>The samples in values of the scale, rounded and cut to 0..255, channels next to each other.</summary>
    public byte[] ToUInt8() => To<byte>(byte.MinValue, byte.MaxValue);

    /// <summary>The samples in values of the scale, rounded and cut to 0..65535, channels next to each other.</summary>
    public ushort[] ToUInt16() => To<ushort>(ushort.MinValue, ushort.MaxValue);

    /// <summary>The samples in values of the scale, channels next to each other.</summary>
    public float[] ToSingle()
    {
        float[] values = new float[checked(Width * Height * Planes.Count)];
        for (int c = 0; c < Planes.Count; c++)
        {
            ReadOnlySpan<float> from = Planes[c].Samples;
            for (int i = 0; i < from.Length; i++)
            {
                values[(i * Planes.Count) + c] = (float)ValueOf(from[i]);
            }
        }

        return values;
    }

    private static Image From<T>(ReadOnlySpan<T> samples, int width, int height, int channels, SampleScale scale)
        where T : unmanaged, INumber<T>
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(channels);
        int pixels = checked(width * height);
        if (samples.Length != checked((long)pixels * channels))
        {
            throw new ArgumentException(
                $"{width} x {height} pixels of {channels} channel(s) are {(long)pixels * channels} samples, "
                + $"and there are {samples.Length}.",
                nameof(samples));
        }

        var planes = new Plane[channels];
        for (int c = 0; c < channels; c++)
        {
            float[] plane = new float[pixels];
            for (int i = 0; i < pixels; i++)
            {
                double value = double.CreateChecked(samples[(i * channels) + c]);
                plane[i] = (float)((value - scale.Black) / scale.Range);
            }

            planes[c] = new Plane(width, height, plane);
        }

        return new Image(planes, scale);
    }

    private T[] To<T>(double least, double most)
        where T : unmanaged, INumber<T>
    {
        var values = new T[checked(Width * Height * Planes.Count)];
        for (int c = 0; c < Planes.Count; c++)
        {
            ReadOnlySpan<float> from = Planes[c].Samples;
            for (int i = 0; i < from.Length; i++)
            {
                double value = Math.Clamp(Math.Round(ValueOf(from[i])), least, most);
                values[(i * Planes.Count) + c] = T.CreateTruncating(double.IsNaN(value) ? least : value);
            }
        }

        return values;
    }

    private double ValueOf(float sample) => Scale.Black + (sample * Scale.Range);
}
