using System.Globalization;
using System.Text.Json;
using Klar.Formats;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>
/// Stacks whose lamp flickers, and the camera's fixed pattern: <c>--drift</c>, <c>--dark</c>, <c>estimate</c>.
/// </summary>
public sealed class DriftTests : IDisposable
{
    private const int Side = 96;
    private static readonly double[] Gains = [1, 0.9, 0.8, 0.7, 0.6, 0.5];
    private static readonly SampleScale Scale = new(0, 255, Bounded: true);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Bleaching_is_given_back_unless_levelling_is_asked_for()
    {
        Write();
        double[] before = Means("stack.tif"), auto = Denoised("auto.tif"), on = Denoised("on.tif", "--drift", "on");
        for (int page = 0; page < Gains.Length; page++)
        {
            Assert.InRange(auto[page] / before[page], 0.997, 1.003);
            Assert.InRange(on[page] / before[0], 0.98, 1.02);
        }

        Assert.InRange(Denoised("off.tif", "--drift", "off")[5] / before[5], 0.99, 1.01);
    }

    [Fact]
    public void The_estimate_tells_drift_and_what_pages_have_in_common()
    {
        Write();
        JsonElement stack = Estimated("stack.tif");
        Assert.InRange(stack.GetProperty("drift").GetDouble(), 0.47, 0.53);
        Assert.InRange(stack.GetProperty("acrossT").GetDouble(), -0.05, 0.05);
        Assert.Equal(JsonValueKind.Null, stack.GetProperty("acrossZ").ValueKind);
        ImageFile.Write(_folder["one.tif"], Picture(1), SampleType.UInt8);
        Assert.Equal(JsonValueKind.Null, Estimated("one.tif").GetProperty("drift").ValueKind);
    }

    [Fact]
    public void A_camera_is_freed_of_its_pattern_by_dark_frames()
    {
        var random = new Random(3);
        float[] pattern = [.. Enumerable.Range(0, Side * Side).Select(_ => (float)(0.2 * random.NextDouble()))];
        Plane picture = Picture(0.6).Planes[0];
        float[] samples = [.. picture.Samples.ToArray().Zip(pattern, static (a, b) => a + b)];
        ImageFile.Write(_folder["dark.tif"], new Image(Plane.From(Side, Side, pattern), Scale), SampleType.UInt8);
        ImageFile.Write(_folder["light.tif"], new Image(Plane.From(Side, Side, samples), Scale), SampleType.UInt8);
        KlarProgram.Result run = KlarProgram.Run(
            "denoise", _folder["light.tif"], "-m", "mean", "--set", "mean.size=1", "--hot-pixels", "off", "--dark",
            _folder["dark.tif"], "-o", _folder["out.tif"]);
        Assert.True(run.Code == 0, run.Error);
        float[] result = ImageFile.Read(_folder["out.tif"], Scale).Image.Planes[0].Samples.ToArray();
        double offset = pattern.Order().ElementAt(pattern.Length / 2);
        double furthest = result.Zip(picture.Samples.ToArray(), (a, b) => Math.Abs(a - b - offset)).Max();
        Assert.InRange(furthest, 0, 2.5 / 255);
        Assert.StartsWith(
            "pattern of 1", Settings("out.tif").GetProperty("dark").GetString(), StringComparison.Ordinal);

        ImageFile.Write(_folder["small.tif"], new Image(Plane.From(5, 5, new float[25]), Scale), SampleType.UInt8);
        KlarProgram.Run("denoise", _folder["light.tif"], "--dark", _folder["small.tif"], "-o", _folder["no.tif"])
            .IsOneLine(1, "the dark frames have 5 x 5 pixels");
        KlarProgram.Run("denoise", _folder["light.tif"], "--dark", _folder["none.tif"], "-o", _folder["no.tif"])
            .IsOneLine(2, "--dark", "none.tif");
    }

    [Theory]
    [InlineData("stack.tif", "sideways", "auto, on or off")]
    [InlineData("one.tif", "on", "no pages along time")]
    public void What_makes_no_sense_is_said(string file, string value, string said)
    {
        Write();
        ImageFile.Write(_folder["one.tif"], Picture(1), SampleType.UInt8);
        KlarProgram.Run("denoise", _folder[file], "-m", "median", "--drift", value, "-o", _folder["out.tif"])
            .IsOneLine(2, said);
    }

    private JsonElement Settings(string output) =>
        JsonDocument.Parse(File.ReadAllText($"{_folder[output]}.json")).RootElement.GetProperty("settings");

    private JsonElement Estimated(string file) =>
        JsonDocument.Parse(KlarProgram.Run("estimate", _folder[file], "--json").Output).RootElement;

    private double[] Denoised(string output, params string[] options)
    {
        KlarProgram.Result run = KlarProgram.Run(
            ["denoise", _folder["stack.tif"], "-m", "bm3d", "-o", _folder[output], .. options]);
        Assert.True(run.Code == 0, run.Error);
        return Means(output);
    }

    private double[] Means(string file)
    {
        using ImageStack stack = ImageStack.Open(_folder[file]);
        return [.. Enumerable.Range(0, stack.Pages).Select(page =>
            stack.Read(page, Scale).Image.Planes[0].Samples.ToArray().Average(static one => (double)one))];
    }

    private static Image Picture(double gain) => new(
        [.. DemoPicture.Create(Side).Planes.Select(plane => Plane.From(
            Side, Side, [.. plane.Samples.ToArray().Select(one => (float)(gain * (0.2f + (0.6f * one))))]))],
        Scale);

    /// <summary>A scene at rest that bleaches, eight bits.</summary>
    private void Write()
    {
        var bytes = new List<byte>();
        var random = new Random(7);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
        foreach (double gain in Gains)
        {
            bytes.AddRange(Picture(gain).Planes[0].Samples.ToArray().Select(
                one => (byte)Math.Clamp(Math.Round((255 * one) + (8 * Normal())), 0, 255)));
        }

        File.WriteAllBytes(_folder["stack.raw"], [.. bytes]);
        string script = string.Create(
            CultureInfo.InvariantCulture,
            $"import numpy, tifffile; tifffile.imwrite('{_folder["stack.tif"]}', ")
            + string.Create(
                CultureInfo.InvariantCulture,
                $"numpy.fromfile('{_folder["stack.raw"]}', 'uint8').reshape({Gains.Length}, {Side}, {Side}), ")
            + "imagej=True, metadata=dict(axes='TYX'))";
        using var python = System.Diagnostics.Process.Start("/usr/bin/python3", ["-c", script]);
        python.WaitForExit();
        Assert.Equal(0, python.ExitCode);
    }
}
