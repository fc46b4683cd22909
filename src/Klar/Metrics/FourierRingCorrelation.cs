using System.Numerics;
using Klar.Numerics;

namespace Klar.Metrics;

/// <summary>How far two pictures of one scene agree, frequency by frequency, and the resolution that follows.</summary>
/// <remarks>
/// Saxton and Baumeister, J. Microscopy 127(2), 1982; threshold 1/7: Rosenthal and Henderson, J. Mol. Biol. 333(4),
/// 2003. Of a single picture the two diagonals of every 2 × 2 pixels are the pair: Koho et al., Nature Communications
/// 10, 2019; their shift of half a pixel is undone as a phase. It measures what both have in common: after a denoiser
/// also what the denoiser made of both.
/// </remarks>
public sealed class FourierRingCorrelation
{
    private const double Threshold = 1 / 7.0;
    private const int MinSide = 32;

    private FourierRingCorrelation(double[] rings, double resolution) => (Rings, Resolution) = (rings, resolution);

    /// <summary>Correlation on rings, from 0 to half a period a sample in equal steps.</summary>
    public IReadOnlyList<double> Rings { get; }

    /// <summary>Pixels of a period at which the correlation falls below 1/7; NaN if it does not begin above.</summary>
    public double Resolution { get; }

    /// <summary>Of two pictures of equal size: their central squares of a power of two.</summary>
    /// <exception cref="ArgumentException">They differ in size, or a side is below 32 pixels.</exception>
    public static FourierRingCorrelation Of(Plane one, Plane other)
    {
        ArgumentNullException.ThrowIfNull(one);
        ArgumentNullException.ThrowIfNull(other);
        if (one.Width != other.Width || one.Height != other.Height)
        {
            throw new ArgumentException("The pictures differ in size.", nameof(other));
        }

        return Of(one.Samples.ToArray(), other.Samples.ToArray(), one.Width, one.Height, shift: 0, pixel: 1);
    }

    /// <summary>Of one picture, from its own diagonals.</summary>
    /// <exception cref="ArgumentException">A side is below 64 pixels.</exception>
    public static FourierRingCorrelation OfOne(Plane plane)
    {
        ArgumentNullException.ThrowIfNull(plane);
        (int width, int height) = (plane.Width / 2, plane.Height / 2);
        float[] even = new float[width * height], odd = new float[width * height];
        for (int i = 0; i < even.Length; i++)
        {
            (int x, int y) = (2 * (i % width), 2 * (i / width));
            even[i] = plane.Samples[(y * plane.Width) + x];
            odd[i] = plane.Samples[((y + 1) * plane.Width) + x + 1];
        }

        return Of(even, odd, width, height, shift: 0.5, pixel: 2);
    }

    private static FourierRingCorrelation Of(
        float[] one, float[] other, int width, int height, double shift, double pixel)
    {
        int side = (int)BitOperations.RoundUpToPowerOf2((uint)Math.Min(width, height) + 1) / 2;
        if (side < MinSide)
        {
            throw new ArgumentException(
                $"A picture of {width}x{height} samples is too small: it takes {MinSide} to a side.", nameof(width));
        }

        Complex[] a = Spectrum(one, width, height, side), b = Spectrum(other, width, height, side);
        int rings = side / 2;
        double[] cross = new double[rings], powerA = new double[rings], powerB = new double[rings];
        for (int i = 0; i < a.Length; i++)
        {
            (int u, int v) = (Signed(i % side, side), Signed(i / side, side));
            int ring = (int)Math.Round(Math.Sqrt((double)(u * u) + (v * v)));
            if (ring >= rings)
            {
                continue;
            }

            // e^(−2πi shift (u + v) / side) undoes the second picture's place.
            double angle = -2 * shift * (u + v) / side;
            Complex moved = b[i] * new Complex(Elementary.CosPi(angle), Elementary.CosPi(angle - 0.5));
            cross[ring] += (a[i] * Complex.Conjugate(moved)).Real;
            powerA[ring] += (a[i].Real * a[i].Real) + (a[i].Imaginary * a[i].Imaginary);
            powerB[ring] += (moved.Real * moved.Real) + (moved.Imaginary * moved.Imaginary);
        }

        double[] curve = [.. cross.Select(
            (sum, ring) => powerA[ring] > 0 && powerB[ring] > 0 ? sum / Math.Sqrt(powerA[ring] * powerB[ring]) : 0)];
        return new FourierRingCorrelation(curve, Crossing(curve, side) * pixel);
    }

    /// <summary>Samples of a period where the smoothed curve first falls below the threshold.</summary>
    private static double Crossing(double[] curve, int side)
    {
        for (int ring = 1; ring < curve.Length - 1; ring++)
        {
            if ((curve[ring - 1] + curve[ring] + curve[ring + 1]) / 3 < Threshold)
            {
                return ring == 1 ? double.NaN : (double)side / ring;
            }
        }

        return 2;
    }

    private static int Signed(int index, int side) => index < side / 2 ? index : index - side;

    /// <summary>The central square's spectrum, less its mean and under a Hann window.</summary>
    private static Complex[] Spectrum(float[] samples, int width, int height, int side)
    {
        (int left, int top) = ((width - side) / 2, (height - side) / 2);
        var values = new Complex[side * side];
        double mean = 0;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = samples[((top + (i / side)) * width) + left + (i % side)];
            mean += values[i].Real / values.Length;
        }

        for (int i = 0; i < values.Length; i++)
        {
            double window = (0.5 - (0.5 * Elementary.CosPi(2.0 * (i % side) / side)))
                * (0.5 - (0.5 * Elementary.CosPi(2.0 * (i / side) / side)));
            values[i] = (values[i] - mean) * window;
        }

        FourierTransform.Square(values, side);
        return values;
    }
}
