using Klar.Noise;
using Klar.Numerics;

namespace Klar.Tests.Noise;

public sealed class PhotonCombTests
{
    private const int Side = 64;

    // Sample units: ten grey levels of 16 bits a photon.
    private const double Gain = 10 / 65535.0;

    private static readonly CounterRandom Draws = new(11, RandomStream.AddedNoise);

    [Fact]
    public void Photons_alone_leave_a_gap_between_none_and_one()
    {
        PhotonComb comb = Of(static i => 10 * Draws.Poisson(0.5, i));
        Assert.True(comb.Shows(Gain));
        Assert.True(comb.Allows(Gain));
    }

    [Fact]
    public void Read_noise_that_is_cut_off_at_black_leaves_none()
    {
        PhotonComb comb = Of(static i => Math.Max(0, Math.Round(6 * Draws.Normal(i))));
        Assert.False(comb.Shows(Gain));
        Assert.False(comb.Allows(Gain));
    }

    [Fact]
    public void A_gain_of_two_grey_levels_shows_no_gap_and_forbids_nothing()
    {
        PhotonComb comb = Of(static i => 2 * Draws.Poisson(0.5, i));
        Assert.False(comb.Shows(Gain / 5));
        Assert.True(comb.Allows(Gain / 5));
    }

    [Fact]
    public void Of_a_handful_of_photons_nothing_is_said()
    {
        PhotonComb comb = Of(static i => i % 400 == 0 ? 10 : 0);
        Assert.False(comb.Shows(Gain));
        Assert.True(comb.Allows(Gain));
    }

    private static PhotonComb Of(Func<ulong, double> grey)
    {
        float[] samples = [.. Enumerable.Range(0, Side * Side).Select(i => (float)(grey((ulong)i) / 65535))];
        var image = new Image(Plane.From(Side, Side, samples), new SampleScale(0, 65535, Bounded: true));
        return PhotonComb.Of(image, [null]);
    }
}
