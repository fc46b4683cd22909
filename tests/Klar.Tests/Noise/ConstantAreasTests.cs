using Klar.Imaging;
using Klar.Noise;
using Klar.Numerics;

namespace Klar.Tests.Noise;

public sealed class ConstantAreasTests
{
    private const int Side = 96;

    [Fact]
    public void The_border_of_a_mosaic_is_masked_and_nothing_of_the_picture()
    {
        float[] samples = NoisySamples();
        bool[] border = Where(static (x, y) => x < 20 || y >= 80);
        Assert.Equal(border, MaskedOf(Set(samples, border, 0)));
    }

    [Fact]
    public void A_burnt_in_bar_and_saturated_cells_are_masked_where_they_are_larger_than_chance()
    {
        float[] samples = NoisySamples();
        bool[] bar = Where(static (x, y) => y is >= 88 and < 92 && x is >= 60 and < 90);
        Assert.Equal(bar, MaskedOf(Set(samples, bar, 1)));

        // Twenty-five pixels of one value can be anything.
        bool[] spot = Where(static (x, y) => y is >= 40 and < 45 && x is >= 40 and < 45);
        Assert.Null(ConstantAreas.Of(ImageOf(Set(samples, spot, 1)))[0]);
    }

    [Fact]
    public void A_small_area_is_masked_only_where_its_value_is_at_an_end()
    {
        bool[] bar = Where(static (x, y) => y is >= 40 and < 50 && x is >= 40 and < 60);
        float[] samples = NoisySamples();
        Assert.Null(ConstantAreas.Of(ImageOf(Set(samples, bar, 0.5f)))[0]);
        Assert.Equal(bar, MaskedOf(Set(samples, bar, 0)));
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    [InlineData(2)]
    public void The_zeros_of_few_photons_are_no_mask(double photons)
    {
        float[] samples = At(i => (float)(0.05 * Draws.Poisson(photons, i)));
        Assert.Null(ConstantAreas.Of(ImageOf(samples))[0]);
    }

    private static readonly CounterRandom Draws = new(7, RandomStream.AddedNoise);

    private static float[] NoisySamples() =>
        At(static i => Math.Clamp(0.4f + (0.05f * (float)Draws.Normal(i)), 0.01f, 0.99f));

    private static float[] At(Func<ulong, float> sample) =>
        [.. Enumerable.Range(0, Side * Side).Select(i => sample((ulong)i))];

    private static bool[] Where(Func<int, int, bool> isIn) =>
        [.. Enumerable.Range(0, Side * Side).Select(i => isIn(i % Side, i / Side))];

    private static float[] Set(float[] samples, bool[] where, float value) =>
        [.. samples.Select((sample, i) => where[i] ? value : sample)];

    private static Image ImageOf(float[] samples) => new(Plane.From(Side, Side, samples));

    private static bool[] MaskedOf(float[] samples)
    {
        Mask mask = Assert.IsType<Mask>(ConstantAreas.Of(ImageOf(samples))[0]);
        return [.. Enumerable.Range(0, samples.Length).Select(i => mask[i])];
    }
}
