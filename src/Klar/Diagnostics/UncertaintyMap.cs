namespace Klar.Diagnostics;

/// <summary>How far each pixel of a result may be off: one standard deviation, in the image's units.</summary>
/// <remarks>
/// Two results, of the image with a little more noise and with its opposite, spread where the method hangs on the
/// noise; their mean square over a small window says where errors are, the estimated risk how large they are on the
/// whole:
/// <code>
/// v = window mean of ((x₊ − x₋) / 2a)²,   u² = R (f + (1 − f) v / mean v)
/// </code>
/// f is the share that is the same everywhere: what all outputs have wrong in common.
/// </remarks>
public static class UncertaintyMap
{
    private const int Radius = 2;
    private const double Everywhere = 0.1;

    /// <summary>The map, an image of the result's size.</summary>
    /// <param name="risk">The risk estimator of the noisy image.</param>
    /// <param name="probe">The method's results under its probes.</param>
    public static Image Of(SelfSupervisedRisk risk, RiskProbe probe)
    {
        ArgumentNullException.ThrowIfNull(risk);
        ArgumentNullException.ThrowIfNull(probe);
        (int width, int height) = (probe.Plus.Width, probe.Plus.Height);
        float[][] spreads = [.. probe.Plus.Planes.Zip(probe.Minus.Planes, (plus, minus) =>
        {
            float[] squares = new float[width * height];
            for (int i = 0; i < squares.Length; i++)
            {
                float half = (plus.Samples[i] - minus.Samples[i]) / (2 * SelfSupervisedRisk.Strength);
                squares[i] = half * half;
            }

            return BoxMean.Of(squares, width, height, Radius);
        })];

        // Where chance made the estimated risk too small, the spread itself is the least there can be.
        double mean = spreads.Average(static spread => spread.Average(static square => (double)square));
        double level = Math.Max(risk.Of(probe), mean);
        return probe.Plus.With([.. spreads.Select(spread => Plane.Create(width, height, (
            spread, mean, level), static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                double share = from.mean > 0 ? Math.Max(0, from.spread[i]) / from.mean : 1;
                to[i] = (float)Math.Sqrt(from.level * (Everywhere + ((1 - Everywhere) * share)));
            }
        }))]);
    }
}
