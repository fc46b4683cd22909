using Klar.Diagnostics;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Tests.Diagnostics;

public sealed class SelfSupervisedRiskTests
{
    private static readonly Image Clean = new(Samples.Picture(160, 160));
    private static readonly Image Noisy = new GaussianNoise(25).AddTo(Clean, clip: false, new RunSettings());

    private static readonly string[] Names = ["gaussian", "median", "bm3d"];

    public static TheoryData<string> Methods => [.. Names];

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_estimate_is_near_the_error_that_only_the_clean_picture_shows(string method)
    {
        IDenoiser denoiser = Of(method);
        double truth = MeanSquare(denoiser.Denoise(Noisy).Image), estimate = Of(Risk(), denoiser);
        Assert.InRange(estimate, truth - (0.05 * 0.01), truth + (0.05 * 0.01)); // σ² is 0.01
    }

    [Fact]
    public void It_ranks_methods_as_the_clean_picture_does()
    {
        SelfSupervisedRisk risk = Risk();
        string[] byTruth = [.. Names.OrderBy(static name => MeanSquare(Of(name).Denoise(Noisy).Image))];
        Assert.Equal(byTruth, Names.OrderBy(name => Of(risk, Of(name))));
    }

    [Fact]
    public void Leaving_the_image_alone_costs_the_noise() =>
        Assert.Equal(25 / 255.0 * 25 / 255.0, Risk().OfInput, 0.0002);

    [Fact]
    public void The_best_mix_is_no_worse_than_either()
    {
        SelfSupervisedRisk risk = Risk();
        RiskProbe one = risk.Probe(Of("bm3d")), other = risk.Probe(Of("median"));
        RiskMixture mixture = risk.BestMixture([(one, null), (other, null)]);
        double share = mixture.Weights[1];
        Assert.InRange(share, 0.01, 0.5);
        Assert.Equal(1 - share, mixture.Weights[0], 1e-9);
        Assert.Equal(share, risk.BestMixture([(other, null), (one, null)]).Weights[0], 1e-6);
        Assert.True(mixture.Risk <= risk.Of(one));
        Image a = Of("bm3d").Denoise(Noisy).Image, b = Of("median").Denoise(Noisy).Image;
        Image mix = a.With([Plane.From(a.Width, a.Height, [
            .. a.Planes[0].Samples.ToArray().Zip(b.Planes[0].Samples.ToArray(), (p, q) => p + ((float)share * (q - p)))
        ])]);
        Assert.True(MeanSquare(mix) <= MeanSquare(a), $"{MeanSquare(mix)} against {MeanSquare(a)}");
    }

    [Fact]
    public void A_mixture_of_three_is_the_least_of_its_risk()
    {
        // wᵀ Q w + 2 bᵀ w with Q diagonal: w is proportional to 1 / q where b is equal, and a part that keeps all
        // noise has no share.
        double[,] products = { { 1, 0, 0 }, { 0, 3, 0 }, { 0, 0, 1 } };
        RiskMixture mixture = RiskMixture.Least(products, [0.1, 0.1, 5], variance: 0.5);
        Assert.Equal([0.75, 0.25, 0], mixture.Weights.Select(static weight => Math.Round(weight, 6)));
        Assert.Equal((0.75 * 0.75) + (3 * 0.25 * 0.25) + 0.2 - 0.5, mixture.Risk, 1e-9);
    }

    private static double Of(SelfSupervisedRisk risk, IDenoiser denoiser) => risk.Of(risk.Probe(denoiser));

    private static SelfSupervisedRisk Risk() =>
        new(Noisy, new NoiseEstimate { Kind = NoiseKind.Gaussian, Sigma = 25 / 255.0 }, seed: 0);

    private static IDenoiser Of(string method) => method switch
    {
        "gaussian" => new GaussianFilter(new GaussianOptions()),
        "median" => new MedianFilter(new MedianOptions()),
        _ => new Bm3dDenoiser(new Bm3dOptions { Sigma = 25 / 255f }),
    };

    private static double MeanSquare(Image result)
    {
        double sum = 0;
        ReadOnlySpan<float> a = result.Planes[0].Samples, b = Clean.Planes[0].Samples;
        for (int i = 0; i < a.Length; i++)
        {
            sum += (a[i] - (double)b[i]) * (a[i] - b[i]);
        }

        return sum / a.Length;
    }
}
