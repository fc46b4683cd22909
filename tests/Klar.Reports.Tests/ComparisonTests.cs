using Klar.Formats;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Reports.Tests;

public sealed class ComparisonTests
{
    private static readonly Image Clean = DemoPicture.Create(64);

    [Fact]
    public void There_is_a_row_for_each_image_noise_and_method_and_the_noisy_image_is_one()
    {
        ComparisonRow[] rows = Rows(["gaussian:25", "poisson:25.0"]);
        Assert.Equal(
            [("gaussian:25", "noisy"), (
                "gaussian:25", "median"), ("poisson:25.0", "noisy"), ("poisson:25.0", "median")],
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
        Assert.Contains(
            "a,b\\_1.tif & gaussian:25 & 20.50 & \\textbf{28.12} \\\\", table.ToLatex(), StringComparison.Ordinal);
        Assert.StartsWith("\\begin{tabular}{llrr}", table.ToLatex(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, null)]
    [InlineData(3, 0.25)]
    public void A_figure_has_a_panel_and_a_part_for_the_clean_and_each_other_image(int methods, double? pixelSize)
    {
        using var folder = new TemporaryFolder();
        var comparison = new Comparison
        {
            Methods = [.. Enumerable.Range(0, methods).Select(
                static _ => new NamedDenoiser("median", new MedianFilter(new MedianOptions())))],
            Noises = ["gaussian:25"],
        };
        ComparisonCase one =
            comparison.Cases([new ComparisonInput("demo", Clean) { PixelSizeMicrometres = pixelSize }]).Single();
        Figure.Write(folder["figure.png"], one);

        // 64 pixels shown 8 times as large, gaps of 14, a line of 54 below: the layout as a reader of Figure.cs adds
        // it up.
        LoadedImage figure = ImageFile.Read(folder["figure.png"]);
        Assert.Equal(((methods + 2) * (512 + 14)) + 14, figure.Info.Width);
        Assert.Equal(512 + 14 + 512 + 54 + 14, figure.Info.Height);

        // The middle of the first pixel of the clean panel is that pixel, in the figure's contrast.
        float[] clean = Clean.Planes[0].Samples.ToArray();
        float white = clean.Order().ElementAt((int)(0.998 * (clean.Length - 1)));
        Assert.Equal(Math.Min(1, clean[0] / white), figure.Image.Planes[0].Row(14 + 4)[14 + 4], 1.0 / 255);

        // Letters stand in the last line, under every panel.
        for (int panel = 0; panel < methods + 2; panel++)
        {
            int left = 14 + (panel * (512 + 14));
            Assert.Contains(
                Enumerable.Range(figure.Info.Height - 14 - 54, 54),
                y => figure.Image.Planes[0].Row(y).Slice(left, 512).ContainsAnyInRange(0f, 0.3f));
        }
    }

    [Theory]
    [InlineData(16)]
    [InlineData(2048)]
    public void The_demo_picture_comes_in_any_size(int side) =>
        Assert.Equal((side, side), (DemoPicture.Create(side).Width, DemoPicture.Create(side).Height));

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
        var comparison = new Comparison
        {
            Methods = [new("median", new MedianFilter(new MedianOptions()))],
            Noises = noises,
            Run = new RunSettings { Seed = 6 }
        };
        return [.. comparison.Cases([new ComparisonInput("demo", Clean)]).SelectMany(static one => one.Results).Select(
            static result => result.Row)];
    }
}
