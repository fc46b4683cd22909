using Klar.Diagnostics;
using Klar.Imaging;
using Klar.Noise;
using Klar.Numerics;

namespace Klar.Tests.Diagnostics;

public sealed class NoiseEvennessTests
{
    private const int Side = 192;
    private const float Sigma = 0.04f;

    private static readonly SampleScale Scale = new(0, 65535, Bounded: true);
    private static readonly CounterRandom Draws = new(13, RandomStream.AddedNoise);

    [Fact]
    public void Noise_is_in_every_block()
    {
        Assert.InRange(Of(static (x, y) => Sigma), 0.65, 1.1);
    }

    [Fact]
    public void Texture_in_half_of_the_picture_is_not()
    {
        // What is measured as the level is the texture's; the other half has a fifth of it.
        Assert.InRange(Of(static (x, y) => x < Side / 2 ? Sigma : Sigma / 5), 0, 0.4);
    }

    [Fact]
    public void What_is_masked_does_not_speak()
    {
        bool[] masked = [.. Enumerable.Range(0, Side * Side).Select(static i => i % Side >= Side / 2)];
        Image image = ImageOf(static (x, y) => x < Side / 2 ? Sigma : Sigma / 5);
        Assert.InRange(NoiseEvenness.Of(image, [new Mask(Side, Side, masked)], Measured), 0.65, 1.1);
    }

    private static NoiseEstimate Measured => new() { Kind = NoiseKind.Gaussian, Sigma = Sigma };

    private static double Of(Func<int, int, float> sigma) => NoiseEvenness.Of(ImageOf(sigma), [null], Measured);

    private static Image ImageOf(Func<int, int, float> sigma)
    {
        float At(int i) => 0.5f + (sigma(i % Side, i / Side) * (float)Draws.Normal((ulong)i));
        return new Image(Plane.From(Side, Side, [.. Enumerable.Range(0, Side * Side).Select(At)]), Scale);
    }
}
