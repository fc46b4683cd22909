namespace Klar.Reports.Field;

/// <summary>
/// How well gain and read noise could be known by someone who is given the clean picture and the offset: the bound of
/// Cramér and Rao. Nobody who has the noisy picture alone can do better, so that cells beyond it judge no estimator.
/// </summary>
/// <remarks>
/// Of each sample the squared noise n² has the mean v = gain · light + read² and the variance 2 v² + κ₄, with κ₄ =
/// gain³ · light for Poisson noise. Samples that the file's range cuts off are left out.
/// </remarks>
/// <param name="Gain">Standard error of the gain, relative to it.</param>
/// <param name="Floor">Standard error of the noise without light, relative to it.</param>
public sealed record NoiseLimit(double Gain, double Floor)
{
    // Of normal noise 0.1 % lies further away than this from the mean.
    private const double Deviations = 3;

    /// <summary>The bound in one cell.</summary>
    /// <param name="situation">The camera.</param>
    /// <param name="expected">The file without noise.</param>
    /// <param name="picture">Which samples are picture.</param>
    public static NoiseLimit Of(FieldSituation situation, Image expected, bool[] picture)
    {
        ArgumentNullException.ThrowIfNull(situation);
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(picture);
        (double gain, double floor) = (situation.Gain, situation.Truth.ReadNoise!.Value);
        (double black, double range) = (expected.Scale.Black, expected.Scale.Range);
        double white = FieldFiles.White(situation.File), readVariance = Math.Max(floor * floor, 1e-6 * gain * gain);
        bool isBounded = situation.File != FieldFile.Float;
        double gg = 0, gr = 0, rr = 0;
        for (int i = 0; i < picture.Length; i++)
        {
            double grey = black + (expected.Planes[0].Samples[i] * range), light = Math.Max(0, grey - situation.Offset);
            double variance = (gain * light) + readVariance, reach = Deviations * floor;
            if (picture[i] && (!isBounded || (grey - reach >= 0 && grey + (Deviations * Math.Sqrt(variance)) <= white)))
            {
                double information = 1 / ((2 * variance * variance) + (gain * gain * gain * light));
                gg += information * light * light;
                gr += information * light;
                rr += information;
            }
        }

        double determinant = (gg * rr) - (gr * gr);
        return determinant > 1e-9 * gg * rr
            ? new NoiseLimit(Math.Sqrt(rr / determinant) / gain, 0.5 * Math.Sqrt(gg / determinant) / readVariance)
            : new NoiseLimit(double.PositiveInfinity, double.PositiveInfinity);
    }
}
