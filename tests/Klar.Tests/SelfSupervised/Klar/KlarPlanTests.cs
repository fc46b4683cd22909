using Klar.SelfSupervised.Klar;

namespace Klar.Tests.SelfSupervised.Klar;

public sealed class KlarPlanTests
{
    private const long Small = 256 * 256, Large = 512 * 512;

    [Theory]
    [InlineData(Effort.Fast, Small, "nl-ridge", 0)]
    [InlineData(Effort.Normal, Small, "lichi,nl-ridge", 60)]
    [InlineData(Effort.Normal, Large, "nl-ridge", 60)]
    [InlineData(Effort.Best, Large, "lichi,nl-ridge", 300)]
    public void An_effort_buys_patch_methods_and_steps(Effort effort, long pixels, string pilots, int steps)
    {
        KlarPlan plan = KlarPlan.For(new KlarOptions { Effort = effort }, null, pixels, isColour: false);
        Assert.Equal((pilots, steps), (string.Join(',', plan.Pilots), plan.Steps));
        Assert.False(plan.IsNotNormal);
    }

    [Theory]
    [InlineData(Effort.Fast)]
    [InlineData(Effort.Best)]
    public void Noise_that_is_clipped_compressed_or_correlated_is_left_to_BM3D(Effort effort)
    {
        double[] lags = new double[81];
        (lags[40], lags[41], lags[49]) = (1, 0.4, 0.4);
        AdditiveNoise noise = new(0.1f);
        AdditiveNoise[] all =
            [noise with { Clipped = true }, noise with { Compressed = true }, noise with { Autocorrelation = lags }];
        Assert.All(all, one =>
        {
            KlarPlan plan = KlarPlan.For(new KlarOptions { Effort = effort }, one, Small, isColour: false);
            Assert.Equal(["bm3d"], plan.Pilots);
            Assert.False(plan.IsNotNormal);
        });
    }

    [Fact]
    public void Stabilised_photons_take_two_patch_methods_and_are_no_normal_noise()
    {
        AdditiveNoise noise = new(0.1f) { Stabilised = true };
        KlarPlan plan = KlarPlan.For(new KlarOptions(), noise, Small, isColour: false);
        Assert.Equal(["nl-ridge", "bm3d"], plan.Pilots);
        Assert.True(plan.IsNotNormal);
    }

    [Fact]
    public void Colour_takes_BM3D_too_and_steps_that_are_asked_for_are_taken()
    {
        KlarPlan plan = KlarPlan.For(new KlarOptions { Effort = Effort.Fast, Steps = 7 }, null, Small, isColour: true);
        Assert.Equal(["nl-ridge", "bm3d"], plan.Pilots);
        Assert.Equal(7, plan.Steps);
    }
}
