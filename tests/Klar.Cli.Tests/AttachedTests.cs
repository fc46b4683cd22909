using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using Klar.Formats;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>What programs that run klar rely on: progress in lines, an end with standard input, raw samples.</summary>
public sealed class AttachedTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _file;

    public AttachedTests()
    {
        _file = _folder["cells.tif"];
        ImageFile.Write(
            _file, new Image(DemoPicture.Create(160).Planes, new SampleScale(100, 4000, Bounded: true)),
            SampleType.UInt16);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Progress_is_a_line_of_JSON_each()
    {
        KlarProgram.Result result = KlarProgram.Run("denoise", _file, "-m", "bm3d", "--attached", "--sigma", "10");
        Assert.Equal(0, result.Code);
        double[] fractions = [.. result.Error.Split('\n').Where(static line => line.StartsWith('{')).Select(
            static line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("fraction").GetDouble())];
        Assert.NotEmpty(fractions);
        Assert.Equal(fractions.Order(), fractions);
    }

    [Fact]
    public void It_ends_when_standard_input_does_and_leaves_nothing()
    {
        using Process process =
            KlarProgram.Start("denoise", _file, "-m", "zs-n2n", "--set", "zs-n2n.steps=100000", "--attached");
        Assert.NotNull(process.StandardError.ReadLine());
        process.StandardInput.Close();
        Assert.Equal(130, KlarProgram.Wait(process).Code);
        Assert.Equal([_file], Directory.EnumerateFiles(_folder.Path));
    }

    [Fact]
    public void Rows_of_a_comparison_come_as_they_are_there_and_repeats_tell_their_seed()
    {
        KlarProgram.Result result = KlarProgram.Run(
            "compare", _file, "--noise", "gaussian:25", "--methods", "median", "--crop", "64", "--repeat", "3",
            "--seed", "5", "--images", "-o", _folder["out"], "--attached", "--json");
        Assert.Equal(0, result.Code);
        JsonElement[] rows = [.. result.Error
            .Split('\n')
            .Where(static line => line.StartsWith("{\"row\"", StringComparison.Ordinal))
            .Select(static line => JsonSerializer.Deserialize<JsonElement>(line).GetProperty("row"))];
        Assert.Equal([5, 5, 6, 6, 7, 7], rows.Select(static row => row.GetProperty("seed").GetInt32()));
        Assert.Equal(3, rows
            .Where(static row => row.GetProperty("method").GetString() == "median")
            .Select(static row => row.GetProperty("psnr").GetDouble())
            .Distinct()
            .Count());
        Assert.Equal(rows.Select(static row => row.ToString()), JsonSerializer
            .Deserialize<JsonElement>(result.Output)
            .GetProperty("rows")
            .EnumerateArray()
            .Select(static row => row.ToString()));
        Assert.Equal(
            ["cells_gaussian-25_clean.tif", "cells_gaussian-25_median.tif", "cells_gaussian-25_noisy.tif"],
            Directory.EnumerateFiles(_folder["out/images"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.EndsWith(",seed", File.ReadLines(_folder["out/table.csv"]).First(), StringComparison.Ordinal);
        Assert.Contains("seeds 5 to 7", File.ReadAllText(_folder["out/report.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Page_gives_raw_samples_and_those_of_a_region_denoised()
    {
        ushort[] whole = Page(_file), part = Page(_file, "--region", "30,50,40,20"),
            median = Page(_file, "--region", "30,50,40,20", "-m", "median");
        Assert.Equal((160 * 160, 40 * 20, 40 * 20), (whole.Length, part.Length, median.Length));
        Assert.Equal(0, KlarProgram.Run("denoise", _file, "-m", "median", "-o", _folder["median.tif"]).Code);
        ushort[] denoised = Page(_folder["median.tif"]);
        for (int i = 0; i < part.Length; i++)
        {
            int at = ((50 + (i / 40)) * 160) + 30 + (i % 40);
            Assert.Equal((whole[at], denoised[at]), (part[i], median[i]));
        }
    }

    [Theory]
    [InlineData("--page", "1")]
    [InlineData("--page", "-1")]
    [InlineData("--region", "0,0,161,10")]
    [InlineData("--region", "0,0,0,10")]
    [InlineData("--region", "1,2,3")]
    [InlineData("--region", "2147483647,0,2147483647,1")]
    public void A_part_that_is_not_there_is_refused_in_a_line(string option, string value) =>
        KlarProgram.Run("page", _file, option, value).IsOneLine(2, option, value);

    [Theory]
    [InlineData(2, "--port", "70000")]
    [InlineData(2, "--listen", "nowhere")]
    [InlineData(2, "--max-upload", "big")]
    [InlineData(1, "--root", "/no/such/folder")]
    [InlineData(1, "--listen", "192.0.2.1")]
    public void Serve_refuses_what_it_cannot_do_in_a_line(int code, string option, string value) =>
        KlarProgram.Run("serve", "--port", "0", "--state", _folder["state"], option, value).IsOneLine(code);

    [Fact]
    public void Compare_refuses_to_repeat_itself_never() =>
        KlarProgram.Run("compare", _file, "--noise", "gaussian:25", "--repeat", "0").IsOneLine(2, "--repeat");

    private static ushort[] Page(string file, params string[] options)
    {
        using Process process = KlarProgram.Start(["page", file, .. options]);
        using var samples = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(samples);
        process.WaitForExit();
        Assert.Equal((0, string.Empty), (process.ExitCode, process.StandardError.ReadToEnd()));
        return MemoryMarshal.Cast<byte, ushort>(samples.ToArray()).ToArray();
    }
}
