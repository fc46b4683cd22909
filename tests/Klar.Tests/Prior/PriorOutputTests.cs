using Klar.Networks;
using Klar.Noise;
using Klar.Prior;
using Klar.Tests.Support;

namespace Klar.Tests.Prior;

public sealed class PriorOutputTests
{
    [Fact]
    public void Tiles_make_next_to_no_difference()
    {
        const int Width = 230, Height = 170;
        float[] noisy = new GaussianNoise(25)
            .AddTo(new Image(Samples.Picture(Width, Height)), clip: false, new RunSettings()).Planes[0].Samples.ToArray(
            );
        float[] whole = Of(noisy, Width, Height, maxSide: 512, threads: 1),
            tiled = Of(noisy, Width, Height, maxSide: 64, threads: 2);
        Assert.InRange(Rms(whole, tiled) / Rms(whole, noisy), 0, 0.02);
        Assert.InRange(Rms(whole, noisy), 20 / 255.0, 30 / 255.0);
    }

    [Theory]
    [InlineData(0.2f)]
    [InlineData(300)]
    public void Levels_beyond_those_of_training_do_no_harm(float sigma)
    {
        var clean = new Image(Samples.Picture(80, 64));
        Image noisy = new GaussianNoise(sigma).AddTo(clean, clip: false, new RunSettings());
        float[] made = new PriorDenoiser(new PriorOptions { Sigma = sigma / 255 })
            .Denoise(noisy).Image.Planes[0].Samples.ToArray();
        double before = Rms(clean.Planes[0].Samples.ToArray(), noisy.Planes[0].Samples.ToArray());
        Assert.InRange(Rms(clean.Planes[0].Samples.ToArray(), made) / before, 0, sigma < 1 ? 1.1 : 0.4);
    }

    [Fact]
    public void Correlated_noise_is_taken_out_when_it_is_told_and_stays_when_it_is_not()
    {
        const int Side = 96;
        var clean = new Image(Samples.Picture(Side, Side));
        var noise = new CropNoise(seed: 2, Side);
        ulong number = 0;
        float[] picture = clean.Planes[0].Samples.ToArray();
        do
        {
            noise.Add(number++, picture);
        }
        while (noise is not { Sigma: > 15 and < 40, Lag1: { Across: > 0.5f, Down: > 0.5f }, Share: 1 }
            || noise.Level.Max() > noise.Level.Min() || !noise.Target.SequenceEqual(picture));

        var noisy = new Image(Plane.From(Side, Side, noise.Noisy));
        double[] lags = new double[81];
        (lags[40], lags[41], lags[49]) = (1, noise.Lag1.Across, noise.Lag1.Down);
        double told = Rms(picture, Of(new AdditiveNoise(noise.Sigma / 255) { Autocorrelation = lags }, noisy));
        double taken = Rms(picture, Of(new AdditiveNoise(noise.Sigma / 255), noisy));
        Assert.True(told < 0.8 * taken && told < 0.7 * noise.Sigma / 255, $"{told * 255} {taken * 255} {noise.Sigma}");
    }

    private static float[] Of(AdditiveNoise noise, Image noisy) =>
        new PriorDenoiser(noise).Denoise(noisy).Image.Planes[0].Samples.ToArray();

    private static float[] Of(float[] noisy, int width, int height, int maxSide, int threads)
    {
        Network network = PriorNetwork.Of();
        using Stream file = typeof(PriorDenoiser).Assembly.GetManifestResourceStream("prior.safetensors")!;
        float[] level = [.. Enumerable.Repeat(25 / 255f, noisy.Length)];
        return new PriorOutput(network, PriorWeights.Load(file, network).Weights, threads, maxSide, maxSide)
            .Of(noisy, level, (0, 0), width, height, null, CancellationToken.None);
    }

    private static double Rms(float[] one, float[] other) =>
        Math.Sqrt(one.Zip(other, static (a, b) => (double)(a - b) * (a - b)).Average());
}
