using Klar.Noise;
using Klar.Noise.Structured;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>Real images without structured noise: nothing of them is taken for it.</summary>
public sealed class CleanImagesTests
{
    [SharedTheory]
    [InlineData("clean")]
    [InlineData("clean/set12")]
    [InlineData("clean/kodak")]
    [InlineData("clean/mcmaster")]
    public void Clean_images_have_no_stripes_with_noise_or_without(string folder)
    {
        string[] files = Directory.GetFiles(SharedData.PathOf(folder));
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            foreach (Image clean in PagesOf(file))
            {
                AssertUntouched(file, clean);
                AssertUntouched(file, NoiseModel.Parse("gaussian:5").AddTo(clean, clip: true, new RunSettings()));
                AssertUntouched(file, NoiseModel.Parse("gaussian:25").AddTo(clean, clip: false, new RunSettings()));
            }
        }
    }

    [SharedTheory]
    [InlineData("noisy")]
    [InlineData("pairs/fmd")]
    [InlineData("pairs/w2s")]
    [InlineData("pairs/bacteria")]
    public void Real_noise_of_these_cameras_has_no_stripes(string folder)
    {
        string[] files = Directory.GetFiles(SharedData.PathOf(folder));
        Assert.NotEmpty(files);
        foreach (string file in files)
        {
            foreach (Image noisy in PagesOf(file))
            {
                AssertUntouched(file, noisy);
            }
        }
    }

    private static List<Image> PagesOf(string file)
    {
        using ImageStack stack = ImageStack.Open(file);
        SampleScale scale = stack.Scale([.. Enumerable.Range(0, stack.Pages)]);
        return [.. Enumerable.Range(0, stack.Pages).Select(page => stack.Read(page, scale).Image)];
    }

    private static void AssertUntouched(string file, Image image)
    {
        StripeNoise found = StripeNoise.Of(image);
        Assert.False(found.IsFound, $"{file}: {found.ToText()}");
        Assert.Same(image, found.RemovedFrom(image));
    }
}
