using Klar.Numerics;

namespace Klar.Noise.Structured;

/// <summary>
/// Whether a series of lines' changes is that of white offsets: then its periodogram, over the response of the second
/// difference, is flat.
/// </summary>
/// <param name="Unevenness">
/// Kolmogorov's distance of the cumulative periodogram from a straight line, times the root of the frequencies: below
/// 1.95 with a probability of 0.999.
/// </param>
/// <param name="Peak">The greatest value relative to the mean, over what is to be expected, log(frequencies).</param>
internal sealed record OffsetSpectrum(double Unevenness, double Peak)
{
    // Lower frequencies are mostly the picture's.
    private const double MinFrequency = 0.1;

    public static OffsetSpectrum Of(ReadOnlySpan<double> changes)
    {
        int n = changes.Length;
        double[] cosines = [.. Enumerable.Range(0, n).Select(i => Elementary.CosPi(2.0 * i / n))];
        double[] sines = [.. Enumerable.Range(0, n).Select(i => Elementary.CosPi((2.0 * i / n) - 0.5))];
        var power = new List<double>();
        for (int k = (int)Math.Ceiling(MinFrequency * n); k <= n / 2; k++)
        {
            (double real, double imaginary) = (0, 0);
            int at = 0;
            foreach (double change in changes)
            {
                real += change * cosines[at];
                imaginary += change * sines[at];
                at += k;
                at -= at >= n ? n : 0;
            }

            double response = 1 - cosines[k];
            double density = ((real * real) + (imaginary * imaginary)) / (response * response);
            power.Add(2 * k == n ? density / 2 : density);
        }

        double total = power.Sum();
        if (!(total > 0))
        {
            return new OffsetSpectrum(double.PositiveInfinity, double.PositiveInfinity);
        }

        double sum = 0, distance = 0;
        for (int k = 0; k < power.Count; k++)
        {
            sum += power[k];
            distance = Math.Max(distance, Math.Abs((sum / total) - ((k + 1.0) / power.Count)));
        }

        return new OffsetSpectrum(
            distance * Math.Sqrt(power.Count),
            power.Max() * power.Count / (total * Elementary.Log(Math.Max(2, power.Count))));
    }
}
