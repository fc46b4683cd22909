using Klar.Noise;
using Klar.Numerics;

namespace Klar.Tests.Noise;

public sealed class LabelsTests
{
    private const int Side = 64;

    private static readonly CounterRandom Draws = new(3, RandomStream.AddedNoise);

    [Fact]
    public void A_segmentation_and_a_mask_are_labels()
    {
        Assert.True(Labels.Are(ImageOf(static (x, y) => ((x / 9) + (7 * (y / 11))) / 50f), [null]));
        Image disc = ImageOf(static (x, y) => Math.Pow(x - 30, 2) + Math.Pow(y - 28, 2) < 400 ? 1 : 0);
        Assert.True(Labels.Are(disc, [null]));
    }

    [Fact]
    public void A_picture_with_noise_is_none_and_neither_is_a_smooth_one()
    {
        Assert.False(Labels.Are(ImageOf(Noisy), [null]));
        Assert.False(Labels.Are(ImageOf(static (x, y) => MathF.Sin((x / 7f) + (y / 5f))), [null]));
    }

    [Fact]
    public void What_is_masked_does_not_count()
    {
        // Half of it is a black border: of the rest no sample has its equal beside it.
        Image image = ImageOf(static (x, y) => x < Side - 6 ? 0 : Noisy(x, y));
        Assert.True(Labels.Are(image, [null]));
        Assert.False(Labels.Are(image, ConstantAreas.Of(image)));
    }

    private static float Noisy(int x, int y) => 0.5f + (0.1f * (float)Draws.Normal((ulong)((y * Side) + x)));

    private static Image ImageOf(Func<int, int, float> at) =>
        new(Plane.From(Side, Side, [.. Enumerable.Range(0, Side * Side).Select(i => at(i % Side, i / Side))]));
}
