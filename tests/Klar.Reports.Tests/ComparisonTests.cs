using Klar.Filters;
using Klar.Imaging;
using Klar.Noise;

namespace Klar.Reports.Tests;

public sealed class ComparisonTests
{
    private static readonly Image Clean = DemoPicture.Create(64);

    [Fact]
    public void There_is_a_row_for_each_image_noise_and_method_and_the_noisy_image_is_one()
    {
        ComparisonRow[] rows = Rows(["gaussian:25", "poisson:25.0"]);
        Assert.Equal(
            [("gaussian:25", "noisy"), ("gaussian:25", "median"), ("poisson:25.0", "noisy"), ("poisson:25.0", "median")],
            rows.Select(static row => (row.Noise!, row.Method)));
    }

    [Fact]
    public void Psnr_is_that_of_the_noisy_and_the_denoised_image()
    {
        ComparisonRow[] rows = Rows(["gaussian:25"]);
        Image noisy = NoiseModel.Parse("gaussian:25").AddTo(Clean, clip: true, new RunSettings { Seed = 6 });
        double squares = 0;
        for (int i = 0; i < Clean.Planes[0].Samples.Length; i++)
        {
            squares += Math.Pow((double)Clean.Planes[0].Samples[i] - noisy.Planes[0].Samples[i], 2);
        }

        Assert.Equal(-10 * Math.Log10(squares / (64 * 64)), rows[0].Psnr!.Value, 1e-9);
        Assert.True(rows[1].Psnr > rows[0].Psnr);
    }

    [Fact]
    public void An_image_that_brings_its_noise_has_one_case_without_a_name_for_it()
    {
        Image noisy = new GaussianNoise(25).AddTo(Clean, clip: true, new RunSettings());
        var comparison = new Comparison { Methods = [new("median", new MedianFilter(new MedianOptions()))] };
        ComparisonCase one = Assert.Single(comparison.Cases([new ComparisonInput("x", Clean, noisy)]));
        Assert.Null(one.Noise);
        Assert.Equal(2, one.Results.Count);
    }

    [Fact]
    public void Tables_hold_every_number_and_mark_the_best()
    {
        ComparisonRow[] rows =
        [
            new("a,b_1.tif", "gaussian:25", "noisy", 20.5, 0.5, 0, null, []),
            new("a,b_1.tif", "gaussian:25", "median", 28.123456, 0.75, 0.25, 24.9, ["weak, \"very\""]),
            new("a,b_1.tif", "poisson:25", "noisy", null, null, 0, null, []),
            new("a,b_1.tif", "poisson:25", "median", 27, null, 1, null, []),
        ];
        var table = new ComparisonTable(rows);
        Assert.Equal(
            "image,noise,method,psnr,ssim,seconds,sigmaEstimated,warnings\n"
            + "\"a,b_1.tif\",gaussian:25,noisy,20.5,0.5,0,,\n"
            + "\"a,b_1.tif\",gaussian:25,median,28.123456,0.75,0.25,24.9,\"weak, \"\"very\"\"\"\n"
            + "\"a,b_1.tif\",poisson:25,noisy,,,0,,\n"
            + "\"a,b_1.tif\",poisson:25,median,27,,1,,\n",
            table.ToCsv());
        Assert.Equal(
            "| image | noise | noisy | median |\n|---|---|---:|---:|\n"
            + "| a,b_1.tif | gaussian:25 | 20.50 | **28.12** |\n"
            + "| a,b_1.tif | poisson:25 | **exact** | 27.00 |\n",
            table.ToMarkdown());
        Assert.Contains("a,b\\_1.tif & gaussian:25 & 20.50 & \\textbf{28.12} \\\\", table.ToLatex(), StringComparison.Ordinal);
        Assert.StartsWith("\\begin{tabular}{llrr}", table.ToLatex(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_demo_picture_is_mostly_dark_bright_somewhere_and_always_the_same()
    {
        float[] samples = DemoPicture.Create(256).Planes[0].Samples.ToArray();
        Assert.InRange(samples.Count(static sample => sample < 0.1f) / (double)samples.Length, 0.6, 0.85);
        Assert.InRange(samples.Max(), 0.8f, 1);
        Assert.InRange(samples.Min(), 0.005f, 0.05f);
        Assert.Equal(samples, DemoPicture.Create(256).Planes[0].Samples.ToArray());
        Assert.NotEqual(samples, DemoPicture.Create(256, seed: 1).Planes[0].Samples.ToArray());
    }

    private static ComparisonRow[] Rows(string[] noises)
    {
        var comparison = new Comparison { Methods = [new("median", new MedianFilter(new MedianOptions()))], Noises = noises, Run = new RunSettings { Seed = 6 } };
        return [.. comparison.Cases([new ComparisonInput("demo", Clean)]).SelectMany(static one => one.Results).Select(static result => result.Row)];
    }
}
