using Klar.Noise;

namespace Klar.Reports.Field;

/// <summary>
/// Runs cells of the field bench: the noise measured blind, and a method blind and told, beside the input and Gaussian
/// blurs.
/// </summary>
public sealed class FieldRun
{
    private static readonly float[] Blurs = [0.5f, 0.75f, 1, 1.5f, 2, 3];

    /// <summary>Makes the method; null to measure the noise alone.</summary>
    public Func<NoiseHandling, RunSettings, IDenoiser>? Method { get; init; }

    /// <summary>Threads and seed.</summary>
    public RunSettings Run { get; init; } = new();

    /// <summary>The largest side.</summary>
    public int Largest { get; init; } = 512;

    /// <summary>One cell of the matrix.</summary>
    public FieldRow Row(int number, CancellationToken cancel = default) =>
        Of(FieldSituation.Number(number, Largest), Method, Run, number, cancel);

    /// <summary>One situation.</summary>
    /// <param name="situation">The scene, the camera and what else the file has.</param>
    /// <param name="method">Makes the method; null to measure the noise alone.</param>
    /// <param name="run">Threads and seed.</param>
    /// <param name="number">The row's number.</param>
    /// <param name="cancel">Stops the work.</param>
    public static FieldRow Of(
        FieldSituation situation, Func<NoiseHandling, RunSettings, IDenoiser>? method, RunSettings run, int number = 0,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(situation);
        ArgumentNullException.ThrowIfNull(run);
        (Image noisy, Image expected, bool[] picture) = situation.Make();
        NoiseEstimate noise = NoiseEstimator.Estimate(noisy, cancel);
        double range = noisy.Scale.Range;
        double atOffset = noise.Gain * (((situation.Offset - noisy.Scale.Black) / range) - noise.Offset);
        var row = new FieldRow(
            number, situation, noise.Gain * range, noise.ReadNoise * range, noisy.Scale.Black + (noise.Offset * range),
            Math.Sqrt(Math.Max(0, (noise.ReadNoise * noise.ReadNoise) + atOffset)) * range, noise.Confidence,
            noise.Kind,
            Input: null, BestBlur: null, Blind: null, Known: null, Why: string.Empty)
        {
            Limit = NoiseLimit.Of(situation, expected, picture),
        };
        if (method is null)
        {
            return row;
        }

        Denoised blind = method(new NoiseHandling(), run).Denoise(noisy, cancel: cancel);
        string why = blind.Report.Settings.GetValueOrDefault("why", string.Join("; ", blind.Report.Warnings));
        if (situation.IsToBeLeftAlone)
        {
            bool isLeftAlone = blind.Image.Planes[0].Samples.SequenceEqual(noisy.Planes[0].Samples);
            return row with { IsLeftAlone = isLeftAlone, Why = why };
        }

        double peak = Peak(expected, picture);
        double Blurred(float sigma) =>
            ToPsnr(new GaussianFilter(new GaussianOptions { Sigma = sigma }, run).Denoise(noisy, cancel: cancel).Image);
        double ToPsnr(Image image) => Psnr(image, expected, picture, peak);
        Denoised? known = situation.File == FieldFile.Jpeg
            ? null
            : method(new NoiseHandling { Known = situation.Truth }, run).Denoise(noisy, cancel: cancel);
        return row with
        {
            Input = ToPsnr(noisy),
            BestBlur = Blurs.Max(Blurred),
            Blind = ToPsnr(blind.Image),
            Known = known is null ? null : ToPsnr(known.Image),
            Why = why,
        };
    }

    private static double Peak(Image expected, bool[] picture)
    {
        (float least, float most) = (float.PositiveInfinity, float.NegativeInfinity);
        for (int i = 0; i < picture.Length; i++)
        {
            if (picture[i])
            {
                (least, most) =
                    (Math.Min(least, expected.Planes[0].Samples[i]), Math.Max(most, expected.Planes[0].Samples[i]));
            }
        }

        return most - least;
    }

    private static double Psnr(Image image, Image expected, bool[] picture, double peak)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < picture.Length; i++)
        {
            if (picture[i])
            {
                double off = image.Planes[0].Samples[i] - expected.Planes[0].Samples[i];
                sum += off * off;
                count++;
            }
        }

        return 10 * Math.Log10(peak * peak * count / Math.Max(sum, 1e-30));
    }
}
