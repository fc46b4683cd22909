using Klar.Numerics;

namespace Klar.Noise.Structured;

/// <summary>
/// The offsets of a camera's pixels, as frames without light show them: what each pixel has beyond the typical one, in
/// grey levels of the file.
/// </summary>
public sealed class FixedPattern
{
    private readonly int _width;
    private readonly int _height;
    private readonly double[][] _offsets;

    private FixedPattern(int width, int height, double[][] offsets) =>
        (_width, _height, _offsets) = (width, height, offsets);

    /// <summary>σ of the offsets, in grey levels.</summary>
    public double Sigma => Math.Sqrt(_offsets.Average(static plane => plane.Average(static one => one * one)));

    /// <summary>
    /// The mean of dark frames of equal size; the more there are, the less of their own noise it has.
    /// </summary>
    /// <exception cref="ArgumentException">Frames differ in size, or a sample is NaN or infinite.</exception>
    public static FixedPattern Of(IEnumerable<Image> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        double[][]? sums = null;
        (int width, int height, int count) = (0, 0, 0);
        foreach (Image frame in frames)
        {
            Require.Finite(frame);
            sums ??= [.. frame.Planes.Select(static plane => new double[plane.Samples.Length])];
            (width, height) = count == 0 ? (frame.Width, frame.Height) : (width, height);
            if ((frame.Width, frame.Height, frame.Planes.Count) != (width, height, sums.Length))
            {
                throw new ArgumentException("dark frames must have the same size", nameof(frames));
            }

            for (int c = 0; c < sums.Length; c++)
            {
                ReadOnlySpan<float> samples = frame.Planes[c].Samples;
                for (int i = 0; i < samples.Length; i++)
                {
                    sums[c][i] += frame.Scale.Black + (samples[i] * frame.Scale.Range);
                }
            }

            count++;
        }

        ArgumentOutOfRangeException.ThrowIfZero(count);
        return new FixedPattern(width, height, [.. sums!.Select(plane => Centred(plane, count))]);
    }

    /// <summary>An image without them, at the brightness that it had.</summary>
    /// <exception cref="UnsuitableImageException">The dark frames have another size.</exception>
    public Image RemovedFrom(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        bool fits = (image.Width, image.Height) == (_width, _height)
            && (_offsets.Length == 1 || _offsets.Length == image.Planes.Count);
        return fits
            ? image.With([.. image.Planes.Select((plane, c) =>
                Without(plane, _offsets[_offsets.Length == 1 ? 0 : c], image.Scale))])
            : throw new UnsuitableImageException(
                $"the dark frames have {_width} x {_height} pixels and {_offsets.Length} channels, the image has "
                + $"{image.Width} x {image.Height} and {image.Planes.Count}");
    }

    private static Plane Without(Plane plane, double[] offsets, SampleScale scale) =>
        Plane.Create(plane.Width, plane.Height, (plane, offsets, scale), static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (float)(from.plane.Samples[i] - (from.offsets[i] / from.scale.Range));
            }
        });

    private static double[] Centred(double[] sums, int count)
    {
        double[] means = [.. sums.Select(sum => sum / count)];
        double typical = Selection.UpperMedian<double>([.. means]);
        return [.. means.Select(mean => mean - typical)];
    }
}
