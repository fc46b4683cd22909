using Klar.Catalogue;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Tests.NonLocal;

/// <summary>Laws that only methods with a noise level have.</summary>
public sealed class PatchMethodTests
{
    private static readonly string[] Names = ["bm3d", "nl-ridge", "lichi"];

    public static TheoryData<string> Methods => [.. Names];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Image_and_sigma_scaled_together_scale_the_result(string method)
    {
        // Profiles, and BM3D's limits on distances, are in 255ths of white: the picture is so faint that none is
        // reached.
        Image noisy = Scaled(Noisy(60, 50), 0.1f), scaled = Scaled(noisy, 2);
        float[] expected = Scaled(Run(method, noisy, 2), 2).Planes[0].Samples.ToArray();

        // A power of two changes no digit; only the numbers that keep divisions from zero do not scale.
        Golden.Matches(expected, Run(method, scaled, 4).Planes[0].Samples, 1e-6, method);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_vanishing_sigma_returns_the_input(string method)
    {
        Image noisy = Noisy(60, 50);
        Golden.Matches(noisy.Planes[0].Samples, Run(method, noisy, 0.01f).Planes[0].Samples, 1e-3, method);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Without_sigma_it_is_estimated_and_reported(string method)
    {
        var clean = new Image(Samples.Picture(128, 128));
        Image noisy = new GaussianNoise(20).AddTo(clean, clip: false, new RunSettings());
        Denoised result =
            MethodCatalogue.Find(method)!.Create(new Dictionary<string, string>(), new RunSettings()).Denoise(noisy);
        Assert.Equal(20, 255 * result.Report.SigmaEstimated!.Value, 2.0);
        Assert.Null(MethodCatalogue.Find(method)!.Create(
            new Dictionary<string, string> { ["sigma"] = "20" },
            new RunSettings()).Denoise(noisy).Report.SigmaEstimated);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Where_no_noise_is_found_the_image_is_returned_with_a_warning(string method)
    {
        var flat = new Image(Plane.Create(20, 20, 0, static (to, _) => to.Fill(0.3f)));
        Denoised result =
            MethodCatalogue.Find(method)!.Create(new Dictionary<string, string>(), new RunSettings()).Denoise(flat);
        Assert.Equal(flat.Planes[0].Samples.ToArray(), result.Image.Planes[0].Samples.ToArray());
        Assert.Contains("no noise", Assert.Single(result.Report.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Colours_together_are_better_than_one_by_one(string method)
    {
        Plane shape = Samples.Picture(96, 96);
        var clean = new Image(
            [shape, Scaled(new Image(shape), 0.7f).Planes[0], Scaled(new Image(shape), 0.4f).Planes[0]]);
        Image noisy = new GaussianNoise(25).AddTo(clean, clip: false, new RunSettings());
        double together = Error(clean, Run(method, noisy, 25));
        double alone =
            Error(clean, noisy.With([.. noisy.Planes.Select(plane => Run(method, new Image(plane), 25).Planes[0])]));
        Assert.True(together < 0.9 * alone, $"{method}: {together} together, {alone} one by one");
    }

    [Fact]
    public void Every_profile_of_every_method_runs()
    {
        foreach (float sigma in (float[])[10, 25, 45, 80])
        {
            foreach (string method in Names)
            {
                var clean = new Image(Samples.Picture(64, 64));
                Image noisy = new GaussianNoise(sigma).AddTo(clean, clip: false, new RunSettings());
                Assert.True(
                    Error(clean, Run(method, noisy, sigma)) < 0.6 * Error(clean, noisy), $"{method} at {sigma}");
            }
        }
    }

    [Fact]
    public void NlRidge_with_the_gain_of_the_photons_beats_one_level_for_all()
    {
        var clean = new Image(Samples.Picture(128, 128));
        Image noisy = new PoissonNoise(20).AddTo(clean, clip: false, new RunSettings());
        double informed = Error(clean, new NlRidgeDenoiser(new NlRidgeOptions { Gain = 1f / 20 }).Denoise(noisy).Image);
        double uniform = Error(
            clean, new NlRidgeDenoiser(new NlRidgeOptions { Sigma = MathF.Sqrt(0.3f / 20) }).Denoise(noisy).Image);
        Assert.True(informed < uniform, $"{informed} with the gain, {uniform} with one level");
    }

    [Fact]
    public void Options_refuse_what_is_no_level()
    {
        Assert.Equal(
            "Sigma", Assert.Throws<OptionOutOfRangeException>(static () => new Bm3dOptions { Sigma = 0 }).ParamName);
        Assert.Equal(
            "Sigma",
            Assert.Throws<OptionOutOfRangeException>(static () => new Bm3dOptions { Sigma = float.NaN }).ParamName);
        Assert.Equal(
            "Gain", Assert.Throws<OptionOutOfRangeException>(static () => new NlRidgeOptions { Gain = -1 }).ParamName);
    }

    private static Image Noisy(int width, int height) =>
        new GaussianNoise(20).AddTo(new Image(Samples.Picture(width, height)), clip: false, new RunSettings());

    private static Image Run(string method, Image noisy, float sigma) => MethodCatalogue.Find(method)!
        .Create(new Dictionary<string, string>
        {
            ["sigma"] = sigma.ToString(System.Globalization.CultureInfo.InvariantCulture)
        }, new RunSettings { Threads = 2 })
        .Denoise(noisy).Image;

    private static Image Scaled(Image image, float factor) => image.With([.. image.Planes.Select(plane =>
        Plane.Create(plane.Width, plane.Height, (plane, factor), static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from.factor * from.plane.Samples[i];
        }
    }))]);

    private static double Error(Image clean, Image test) =>
        clean.Planes.Zip(test.Planes, static (
            a,
            b) => a.Samples.ToArray().Zip(b.Samples.ToArray(), static (x, y) => ((double)x - y) * (x - y)).Sum()).Sum();
}
