using System.Text.Json;
using Klar.Metrics;
using Klar.Tests.Support;

namespace Klar.Tests.Metrics;

public sealed class MetricsTests
{
    [Fact]
    public void Psnr_ssim_and_nrmse_are_those_of_scikit_image()
    {
        var clean = new Image(Golden.Plane("filters_clean", 96, 80));
        foreach (JsonElement entry in Golden.Values.GetProperty("metrics").EnumerateArray())
        {
            string name = entry.GetProperty("pair")[1].GetString()!;
            var test = new Image(Golden.Plane(name == "noisy" ? "filters_noisy" : $"filters_{name}", 96, 80));
            ImageQuality quality = ImageQuality.Of(clean, test, threads: 2);

            // The golden filters were judged in double precision before they were stored as floats.
            Assert.Equal(entry.GetProperty("psnr").GetDouble(), quality.Psnr!.Value, 1e-5);
            Assert.Equal(entry.GetProperty("ssim").GetDouble(), quality.Ssim!.Value, 1e-6);
            Assert.Equal(entry.GetProperty("nrmse_euclidean").GetDouble(), quality.Nrmse, 1e-6);
        }
    }

    [Fact]
    public void Equal_images_have_no_psnr_and_a_ssim_of_one()
    {
        var image = new Image(Samples.Picture(40, 30));
        var quality = ImageQuality.Of(image, image);
        Assert.Null(quality.Psnr);
        Assert.Equal(1, quality.Ssim!.Value, 1e-12);
        Assert.Equal(0, quality.Nrmse);
    }

    [Fact]
    public void Below_eleven_pixels_there_is_no_ssim()
    {
        var image = new Image(Samples.Picture(10, 30));
        Assert.Null(ImageQuality.Of(image, image).Ssim);
        Assert.NotNull(ImageQuality.Of(new Image(Samples.Picture(11, 11)), new Image(Samples.Picture(11, 11))).Ssim);
    }

    [Fact]
    public void Images_of_different_size_are_refused() =>
        Assert.Throws<ArgumentException>(
            () => ImageQuality.Of(new Image(Samples.Picture(8, 9)), new Image(Samples.Picture(9, 8))));

    [Fact]
    public void An_affine_fit_undoes_gain_and_offset()
    {
        Plane picture = Samples.Picture(40, 30);
        Plane dim =
            Plane.From(40, 30, Array.ConvertAll(picture.Samples.ToArray(), static sample => (0.3f * sample) + 0.1f));
        Image fitted = AffineFit.Of(new Image(picture), new Image(dim));
        Golden.Matches(picture.Samples, fitted.Planes[0].Samples, 1e-6, "fit");
    }

    [Fact]
    public void No_denoiser_uses_the_metrics()
    {
        string[] denoisers = ["Filters", "NonLocal", "Noise", "SelfSupervised", "Networks", "Diagnostics"];
        foreach (string folder in denoisers.Select(name => Path.Combine(Repository.Folder, "src", "Klar", name)).Where(
            Directory.Exists))
        {
            Assert.All(
                Directory.GetFiles(folder, "*.cs", SearchOption.AllDirectories),
                static file => Assert.DoesNotContain("Klar.Metrics", File.ReadAllText(file), StringComparison.Ordinal));
        }
    }
}
