using System.Diagnostics;
using Klar.Formats;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>The programs under <c>samples/</c> do what they say.</summary>
public sealed class SamplesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_stack_is_denoised()
    {
        Assert.NotEmpty(Run("DenoiseStack", Picture(), _folder["clean.tif"]));
        using ImageStack clean = ImageStack.Open(_folder["clean.tif"]);
        Assert.Equal((64, 48), (clean.Info.Width, clean.Info.Height));
    }

    [Fact]
    public void Own_arrays_are_denoised()
    {
        string said = Run("OwnArrays");
        double[] errors = [.. said.Split(' ').Where(static word => char.IsAsciiDigit(word[0]))
            .Select(static word => double.Parse(word.TrimEnd(','), System.Globalization.CultureInfo.InvariantCulture))];
        Assert.InRange(errors[0], 55, 65);
        Assert.InRange(errors[1], 0, 25);
    }

    [Fact]
    public void Noise_is_reported() =>
        Assert.StartsWith("page 1: Gaussian, sigma ", Run("NoiseReport", Picture()), StringComparison.Ordinal);

    private string Picture()
    {
        var flat = new Image(Plane.Create(64, 48, 0, static (samples, _) => samples.Fill(0.5f)));
        ImageFile.Write(
            _folder["in.tif"], new Noise.GaussianNoise(25).AddTo(flat, clip: true, new RunSettings { Seed = 1 }),
            SampleType.UInt8);
        return _folder["in.tif"];
    }

    private static string Run(string sample, params string[] arguments)
    {
        string program = Path.Combine(Repository.Folder, "artifacts", "bin", sample, "release", $"{sample}.dll");
        using Process process = Process.Start(
            new ProcessStartInfo("dotnet", [program, .. arguments]) { RedirectStandardOutput = true })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
        return said;
    }
}
