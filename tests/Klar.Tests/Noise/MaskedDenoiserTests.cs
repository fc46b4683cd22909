using Klar.Filters;
using Klar.Imaging;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Tests.Noise;

public sealed class MaskedDenoiserTests
{
    private static readonly GaussianFilter Blur = new(new GaussianOptions { Sigma = 1 });

    [Fact]
    public void Masked_samples_come_back_as_they_were_and_do_not_spread()
    {
        Plane picture = Samples.Picture(60, 40);
        float[] samples = picture.Samples.ToArray();
        int[] holes = [0, 61, 700, 701, 702, 760, 761, (39 * 60) + 59];
        foreach (int i in holes)
        {
            samples[i] = i % 2 == 0 ? float.NaN : float.NegativeInfinity;
        }

        Denoised result = MaskedDenoiser.OfNonFinite(Blur).Denoise(new Image([Plane.From(60, 40, samples), picture]));
        ReadOnlySpan<float> holed = result.Image.Planes[0].Samples, whole = result.Image.Planes[1].Samples;
        for (int i = 0; i < samples.Length; i++)
        {
            Assert.True(holes.Contains(i) ? holed[i].Equals(samples[i]) : float.IsFinite(holed[i]));
        }

        Assert.Equal("8", result.Report.Settings["masked"]);
        Assert.Equal(Blur.Denoise(new Image(picture)).Image.Planes[0].Samples.ToArray(), whole.ToArray());
    }

    [Fact]
    public void An_image_without_masked_samples_is_denoised_as_without_the_wrapper()
    {
        var noisy = new Image(Samples.Picture(30, 20));
        Denoised result = MaskedDenoiser.OfNonFinite(Blur).Denoise(noisy);
        Assert.Equal(Blur.Denoise(noisy).Image.Planes[0].Samples.ToArray(), result.Image.Planes[0].Samples.ToArray());
        Assert.False(result.Report.Settings.ContainsKey("masked"));
    }

    [Fact]
    public void Filling_tells_how_many_samples_were_missing()
    {
        (Image filled, int count) = MaskedDenoiser.WithoutNonFinite(new Image(Plane.From(3, 1, [1, float.NaN, 3])));
        Assert.Equal(1, count);
        Assert.Equal(2, filled.Planes[0].Samples[1], 1f);
    }
}
