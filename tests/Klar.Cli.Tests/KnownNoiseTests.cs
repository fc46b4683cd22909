using System.Globalization;
using System.Text.Json;
using Klar.Formats;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary><c>--gain</c>, <c>--read-noise</c> and <c>--offset</c>.</summary>
public sealed class KnownNoiseTests : IDisposable
{
    private const int Side = 96;

    private readonly TemporaryFolder _folder = new();

    public KnownNoiseTests()
    {
        // Cells as sharp as a pixel: what they scatter looks like noise, so the gain cannot be measured.
        float[] cells =
            [.. Enumerable.Range(0, Side * Side).Select(static i => i % 5 == 0 && i / Side % 4 == 0 ? 1f : 0)];
        Image noisy = NoiseModel.Parse("camera:2.2:2.5:100:60")
            .AddTo(new Image(Plane.From(Side, Side, cells)), clip: true, new RunSettings());
        ImageFile.Write(_folder["x.tif"], noisy, SampleType.UInt16);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_known_is_used_and_stands_in_the_sidecar()
    {
        KlarProgram.Result run = Denoised("bm3d", "--gain", "2.2", "--read-noise", "2.5", "--offset", "100");
        Assert.Equal(0, run.Code);
        Assert.DoesNotContain("guess", run.Error, StringComparison.Ordinal);
        JsonElement settings = Sidecar().GetProperty("settings");
        Assert.Equal("gain 2.2, read noise 2.5, offset 100", settings.GetProperty("known").GetString());

        // In nominal white of 16 bits.
        string stabilised = settings.GetProperty("stabilised").GetString()!;
        double gain = double.Parse(stabilised.Split("gain ")[1].Split(',')[0], CultureInfo.InvariantCulture);
        Assert.Equal(2.2 / Range(), gain, 0.05 * gain);
    }

    [Fact]
    public void The_rest_is_measured()
    {
        Assert.Equal(0, Denoised("auto", "--gain", "2.2").Code);
        Assert.Equal("gain 2.2", Sidecar().GetProperty("settings").GetProperty("known").GetString());
    }

    [Fact]
    public void Another_gain_is_another_request()
    {
        Assert.Equal(0, Denoised("nl-ridge", "--gain", "2.2").Code);
        string before = Sidecar().GetProperty("request").GetString()!;
        Assert.Equal(0, Denoised("nl-ridge", "--gain", "2.3", "--overwrite").Code);
        Assert.NotEqual(before, Sidecar().GetProperty("request").GetString());
    }

    [Theory]
    [InlineData("goes with none of", "--gain", "2.2", "--sigma", "5")]
    [InlineData("--gain 0: it takes a number above 0, in grey levels of the file", "--gain", "0")]
    [InlineData("--read-noise -1: it takes a number, 0 or more, in grey levels", "--read-noise", "-1")]
    [InlineData("--offset 1,5: write 1.5, with a point", "--offset", "1,5")]
    public void What_cannot_be_is_refused_in_a_line(string line, params string[] options)
    {
        Denoised("bm3d", options).IsOneLine(2, line);
        Assert.False(File.Exists(_folder["out.tif"]));
    }

    private double Range() => ImageFile.Read(_folder["x.tif"]).Image.Scale.Range;

    private JsonElement Sidecar() => JsonDocument.Parse(File.ReadAllText(_folder["out.tif.json"])).RootElement;

    private KlarProgram.Result Denoised(string method, params string[] options) => KlarProgram.Run(
        ["denoise", _folder["x.tif"], "-m", method, "--effort", "fast", "-o", _folder["out.tif"], .. options]);
}
