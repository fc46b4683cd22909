using System.Text.Json;
using Klar.Formats;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>Files whose rows are off: <c>--stripes</c> and <c>estimate</c>.</summary>
public sealed class StripesTests : IDisposable
{
    private const int Side = 192;
    private const double Sigma = 12;
    private const double Rows = 15;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Rows_are_taken_out_and_the_sidecar_says_so()
    {
        Write();
        (double withStripes, JsonElement off) = Denoised("off.tif", "--stripes", "off");
        (double without, JsonElement auto) = Denoised("auto.tif");
        Assert.True(20 * Math.Log10(withStripes / without) > 6, $"{withStripes:F1} and {without:F1} grey levels");
        Assert.StartsWith(
            "auto (rows 1", auto.GetProperty("settings").GetProperty("stripes").GetString(), StringComparison.Ordinal);
        Assert.False(off.GetProperty("settings").TryGetProperty("stripes", out _));
    }

    [Fact]
    public void The_estimate_tells_rows_from_noise()
    {
        Write();
        JsonElement measured = JsonDocument.Parse(
            KlarProgram.Run("estimate", _folder["rows.tif"], "--json").Output).RootElement;
        Assert.InRange(measured.GetProperty("rows").GetDouble(), 0.9 * Rows, 1.1 * Rows);
        Assert.Equal(0, measured.GetProperty("columns").GetDouble());
        Assert.InRange(measured.GetProperty("sigma255").GetDouble(), 0.9 * Sigma, 1.1 * Sigma);
        Assert.Contains(
            "\nrows         each is off by about 1",
            KlarProgram.Run("estimate", _folder["rows.tif"]).Output, StringComparison.Ordinal);
    }

    [Fact]
    public void What_makes_no_sense_is_said()
    {
        Write();
        KlarProgram.Run("denoise", _folder["rows.tif"], "--stripes", "diagonal", "-o", _folder["out.tif"])
            .IsOneLine(2, "--stripes diagonal", "auto, off, rows, columns or both");
        Assert.False(File.Exists(_folder["out.tif"]));
    }

    private (double Error, JsonElement Sidecar) Denoised(string output, params string[] options)
    {
        KlarProgram.Result run = KlarProgram.Run(
            ["denoise", _folder["rows.tif"], "-m", "bm3d", "-o", _folder[output], .. options]);
        Assert.True(run.Code == 0, run.Error);
        Plane result = ImageFile.Read(_folder[output]).Image.Planes[0];
        double sum = 0;
        for (int i = 0; i < result.Samples.Length; i++)
        {
            double difference = (255 * result.Samples[i]) - Clean(i % Side, i / Side);
            sum += difference * difference;
        }

        return (
            Math.Sqrt(sum / result.Samples.Length),
            JsonDocument.Parse(File.ReadAllText($"{_folder[output]}.json")).RootElement);
    }

    private static double Clean(int x, int y) =>
        110 + (50 * Math.Sin(x / 17.0) * Math.Cos(y / 23.0)) + ((x / 48) + (y / 64)) % 2 * 20;

    private void Write()
    {
        var random = new Random(5);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
        double[] offsets = [.. Enumerable.Range(0, Side).Select(_ => Rows * Normal())];
        float[] samples = [.. Enumerable.Range(0, Side * Side).Select(i => (float)(
            Clean(i % Side, i / Side) + offsets[i / Side] + (Sigma * Normal())) / 255)];
        var image = new Image(Plane.From(Side, Side, samples));
        ImageFile.Write(_folder["rows.tif"], image, SampleType.UInt8);
    }
}
