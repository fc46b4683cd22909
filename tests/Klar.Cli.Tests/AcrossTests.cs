using System.Runtime.InteropServices;
using System.Text.Json;
using Klar.Formats;
using Klar.Noise;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>Pages of a file that help each other.</summary>
public sealed class AcrossTests : IDisposable
{
    private const int Side = 96;
    private const int Pages = 11;
    private static readonly SampleScale Scale = new(0, 255, Bounded: true);

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Neighbours_help_along_time_and_the_sidecar_says_so()
    {
        Write();
        (double across, JsonElement sidecar) = Denoised("across.tif");
        (double alone, JsonElement off) = Denoised("alone.tif", "--across", "off");
        Assert.True(10 * Math.Log10(alone / across) > 2, $"{10 * Math.Log10(alone / across):F2} dB");
        Assert.StartsWith(
            "8 pages, noise 0.3", sidecar.GetProperty("settings").GetProperty("across").GetString(),
            StringComparison.Ordinal);
        Assert.False(off.GetProperty("settings").TryGetProperty("across", out _));
    }

    [Fact]
    public void What_is_selected_has_its_neighbours_too()
    {
        Write();
        _ = Denoised("all.tif");
        _ = Denoised("some.tif", "--select", "t=4,9");
        using ImageStack all = ImageStack.Open(_folder["all.tif"]), some = ImageStack.Open(_folder["some.tif"]);
        foreach ((int page, int selected) in ((int, int)[])[(4, 0), (9, 1)])
        {
            Assert.Equal(Samples(all, page), Samples(some, selected));
        }
    }

    [Fact]
    public void A_stack_is_judged_over_its_pages_and_its_course()
    {
        Write();
        _ = Denoised("out.tif");
        JsonElement Judged(string test) => JsonDocument.Parse(
            KlarProgram.Run("metrics", _folder["stack.tif"], _folder[test], "--temporal", "--json").Output).RootElement;
        JsonElement same = Judged("stack.tif"), other = Judged("out.tif");
        Assert.Equal(JsonValueKind.Null, same.GetProperty("psnr").ValueKind);
        Assert.Equal(0, same.GetProperty("temporal").GetProperty("differenceError").GetDouble());

        // Noise of 20 is gone: from page to page it changed by 28, and its mean over the pages was 6.
        Assert.InRange(other.GetProperty("psnr").GetDouble(), 20, 24);
        Assert.InRange(other.GetProperty("temporal").GetProperty("differenceError").GetDouble(), 22, 30);
        Assert.InRange(other.GetProperty("temporal").GetProperty("meanError").GetDouble(), 2, 8);
    }

    [Theory]
    [InlineData("--across", "z", "T=11")]
    [InlineData("--across", "sideways", "auto, off, t or z")]
    [InlineData("--reach-pages", "0", "1 to 16")]
    [InlineData("--reach-pages", "17", "1 to 16")]
    public void What_makes_no_sense_is_said(string option, string value, string said)
    {
        Write();
        KlarProgram.Run(Command("out.tif", option, value)).IsOneLine(2, $"{option} {value}", said);
        Assert.False(File.Exists(_folder["out.tif"]));
    }

    private (double Error, JsonElement Sidecar) Denoised(string output, params string[] options)
    {
        KlarProgram.Result run = KlarProgram.Run(Command(output, options));
        Assert.True(run.Code == 0, run.Error);
        using ImageStack result = ImageStack.Open(_folder[output]);
        float[] clean = Picture().Planes[0].Samples.ToArray();
        double error = Enumerable.Range(0, result.Pages).Average(page =>
            Samples(result, page).Zip(clean, static (a, b) => (double)(a - b) * (a - b)).Average());
        return (error, JsonDocument.Parse(File.ReadAllText(_folder[output + ".json"])).RootElement);
    }

    private string[] Command(string output, params string[] options) =>
    [
        "denoise", _folder["stack.tif"], "-m", "bm3d", "--sigma", "20", "--axes", "TYX", "-o", _folder[output],
        .. options,
    ];

    private static Image Picture()
    {
        Image demo = new(DemoPicture.Create(Side).Planes, Scale);
        return demo.With([.. demo.Planes.Select(static plane => Plane.Create(
            plane.Width, plane.Height, plane, static (to, from) =>
            {
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = 0.3f + (0.4f * from.Samples[i]);
                }
            }))]);
    }

    private static float[] Samples(ImageStack stack, int page) =>
        stack.Read(page, Scale).Image.Planes[0].Samples.ToArray();

    /// <summary>A scene at rest, eight bits.</summary>
    private void Write()
    {
        var bytes = new List<byte>();
        for (int page = 0; page < Pages; page++)
        {
            Image noisy = new GaussianNoise(20).AddTo(Picture(), clip: true, new RunSettings { Seed = (ulong)page });
            bytes.AddRange(
                noisy.Planes[0].Samples.ToArray().Select(static s => (byte)Math.Clamp(MathF.Round(255 * s), 0, 255)));
        }

        File.WriteAllBytes(_folder["stack.raw"], CollectionsMarshal.AsSpan(bytes).ToArray());
        string script = $"import numpy, tifffile; tifffile.imwrite('{_folder["stack.tif"]}', "
            + $"numpy.fromfile('{_folder["stack.raw"]}', 'uint8').reshape({Pages}, {Side}, {Side}), "
            + "photometric='minisblack', metadata=None)";
        using var python = System.Diagnostics.Process.Start("/usr/bin/python3", ["-c", script]);
        python.WaitForExit();
        Assert.Equal(0, python.ExitCode);
    }
}
