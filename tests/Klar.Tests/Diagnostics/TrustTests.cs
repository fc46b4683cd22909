using Klar.Diagnostics;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Tests.Diagnostics;

public sealed class TrustTests
{
    private const int Side = 192;

    private static readonly Image Clean = new(Samples.Picture(Side, Side));
    private static readonly NoiseEstimate Known = new() { Kind = NoiseKind.Gaussian, Sigma = 25 / 255.0 };
    private static readonly Image Noisy = new GaussianNoise(25).AddTo(Clean, clip: false, new RunSettings());

    [Fact]
    public void A_good_result_is_not_warned_of()
    {
        Trust trust = Trust.Of(Noisy, Denoised(25), Known);
        Assert.Empty(trust.Warnings);
        Assert.InRange(trust.Removed, 0.9, 1);
        Assert.InRange(trust.PatternAdded, 0, 2);
    }

    [Theory]
    [InlineData(12.5, "noise was left")]
    [InlineData(60, "more was taken out")]
    public void A_wrong_level_is_seen(float sigma, string warning) =>
        Assert.Contains(
            Trust.Of(Noisy, Denoised(sigma), Known).Warnings,
            text => text.StartsWith(warning, StringComparison.Ordinal));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 0)]
    [InlineData(0, 1)]
    public void A_pattern_that_a_method_made_is_seen(int across, int down)
    {
        Image good = Denoised(25);
        Image striped = good.With([Plane.From(Side, Side, [.. good.Planes[0].Samples.ToArray().Select(
            (sample, i) => sample + (((((i % Side) * across) + (i / Side * down)) % 2) * 0.02f))])]);
        Assert.Contains(
            Trust.Of(Noisy, striped, Known).Warnings,
            static text => text.Contains("checkerboard", StringComparison.Ordinal));
    }

    [Fact]
    public void Correlated_noise_taken_for_white_is_seen()
    {
        Image correlated = Blurred(Noisy, Clean);
        Image result = new Bm3dDenoiser(new Bm3dOptions { Sigma = 25 / 255f }).Denoise(correlated).Image;
        NoiseEstimate told = NoiseEstimator.Estimate(correlated);
        Assert.NotEmpty(Trust.Of(correlated, result, told).Warnings);
    }

    [Fact]
    public void What_errs_is_uncertain_and_as_much_as_it_errs()
    {
        var risk = new SelfSupervisedRisk(Noisy, Known, seed: 0);
        var denoiser = new Bm3dDenoiser(new Bm3dOptions { Sigma = 25 / 255f });
        Image map = UncertaintyMap.Of(risk, risk.Probe(denoiser));
        float[] errors = [.. denoiser.Denoise(Noisy).Image.Planes[0].Samples.ToArray().Zip(
            Clean.Planes[0].Samples.ToArray(), static (result, truth) => result - truth)];
        Assert.InRange(Sparsification.Error(map.Planes[0].Samples, errors), 0, 0.7);
        Assert.InRange(Sparsification.Inside(map.Planes[0].Samples, errors, 2), 0.9, 1);
    }

    [Fact]
    public void Sparsification_knows_the_best_map_and_one_that_knows_nothing()
    {
        float[] errors = [.. Enumerable.Range(0, 4000).Select(static i => MathF.Sin(i * 0.37f) * (i % 97))];
        Assert.Equal(0, Sparsification.Error([.. errors.Select(MathF.Abs)], errors), 1e-9);
        Assert.InRange(
            Sparsification.Error([.. Enumerable.Range(0, 4000).Select(static i => (float)(i * 7919 % 4001))], errors),
            0.9, 1.1);
        Assert.Equal(0.5, Sparsification.Inside([1, 1], [0.5f, 3], 2));
    }

    private static Image Denoised(float sigma) =>
        new Bm3dDenoiser(new Bm3dOptions { Sigma = sigma / 255 }).Denoise(Noisy).Image;

    /// <summary>The clean image with the noise averaged over neighbours in a row, at the same level.</summary>
    private static Image Blurred(Image noisy, Image clean)
    {
        float[] y = noisy.Planes[0].Samples.ToArray(), x = clean.Planes[0].Samples.ToArray();
        return clean.With([Plane.From(Side, Side, [.. Enumerable.Range(0, y.Length).Select(i =>
        {
            int next = i % Side == Side - 1 ? i : i + 1;
            return x[i] + ((y[i] - x[i] + (y[next] - x[next])) / MathF.Sqrt(2));
        })])]);
    }
}
