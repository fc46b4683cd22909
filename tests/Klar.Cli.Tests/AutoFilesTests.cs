using System.Globalization;
using System.Text.Json;
using Klar.Formats;
using Klar.Reports.Field;
using Klar.Tests.Support;
using Xunit.Abstractions;

namespace Klar.Cli.Tests;

/// <summary>
/// What <c>auto</c> does with real files: never worse than the input or a blur, and clean ones stay as they are.
/// </summary>
public sealed class AutoFilesTests(ITestOutputHelper table) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    // Pictures that count as clean here and have noise of their own, as the estimate and their residual agree: a
    // confocal scan, a dim photon-limited one, a camera's with 0.39 grey levels a photon in each of its three channels,
    // and a photograph's grain (2.5 of 255).
    private static readonly string[] WithGrain =
        ["AS_09125_050116030001_D03f00d2.tif", "IXMtest_A02_s9.tif", "xy_16bit__microtubules.tif", "08.png"];

    public void Dispose() => _folder.Dispose();

    [SharedFact]
    public void Clean_files_come_back_bit_for_bit()
    {
        var changed = new List<string>();
        foreach (string file in Directory
            .EnumerateFiles(SharedData.PathOf("clean"), "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal))
        {
            using ImageStack stack = ImageStack.Open(file);
            if (Changes(stack.Read(0).Image))
            {
                changed.Add(Path.GetFileName(file));
            }
        }

        Assert.Equal(WithGrain.Order(StringComparer.Ordinal), changed.Order(StringComparer.Ordinal));
    }

    /// <summary>
    /// Whether an image does not come back as it is; one that is about to be denoised is not waited for.
    /// </summary>
    private static bool Changes(Image clean)
    {
        using var begun = new CancellationTokenSource();
        try
        {
            Image result = new AutoDenoiser(new AutoOptions { Effort = Effort.Fast })
                .Denoise(clean, new Ending(begun), begun.Token).Image;
            return !clean.Planes.Zip(result.Planes)
                .All(static pair => pair.First.Samples.SequenceEqual(pair.Second.Samples));
        }
        catch (OperationCanceledException)
        {
            return true;
        }
    }

    /// <summary>Ends a run that has not come to its end when it first says how far it is.</summary>
    private sealed class Ending(CancellationTokenSource run) : IProgress<DenoiseProgress>
    {
        public void Report(DenoiseProgress value)
        {
            if (value.Fraction < 1)
            {
                run.Cancel();
            }
        }
    }

    [SharedTheory]
    [InlineData("set12/02.png", 90)]
    [InlineData("set12/03.png", 90)]
    [InlineData("set12/12.png", 95)]
    [InlineData("microaneurysms.png", 50)]
    [InlineData("microaneurysms.png", 95)]
    [InlineData("AS_09125_050116030001_D03f00d0.tif", 75)]
    public void Clean_files_that_were_JPEGs_come_back_bit_for_bit(string file, int quality)
    {
        using ImageStack stack = ImageStack.Open(SharedData.PathOf("clean/" + file));
        Image image = JpegCompression.Of(stack.Read(0).Image.Planes[0], quality);
        Image result = new AutoDenoiser(new AutoOptions { Effort = Effort.Fast, Steps = 1 }).Denoise(image).Image;
        bool isSame = image.Planes[0].Samples.SequenceEqual(result.Planes[0].Samples);
        Assert.True(isSame, $"{file} at {quality} was changed");
    }

    [SharedFact]
    [Trait("Category", Long.Category)]
    public void On_every_pair_it_is_better_than_the_input_and_than_a_blur()
    {
        string[] sets = ["fmd", "w2s", "bacteria", "nucleus"];
        var lines = new List<string>();
        bool better = true;
        foreach (string noisy in sets.SelectMany(static set =>
            Directory.GetFiles(SharedData.PathOf("pairs/" + set), "*.noisy.*").Order(StringComparer.Ordinal)))
        {
            string clean = noisy.Replace(".noisy.", ".clean.", StringComparison.Ordinal),
                extension = Path.GetExtension(noisy);
            Assert.Equal(0, KlarProgram.Run("denoise", noisy, "-o", _folder["auto" + extension], "--overwrite").Code);
            Assert.Equal(0, KlarProgram.Run(
                "denoise", noisy, "-m", "gaussian", "-o", _folder["blur" + extension], "--overwrite").Code);
            double[] psnr = [.. ((string[])[noisy, _folder["blur" + extension], _folder["auto" + extension]]).Select(
                file => Psnr(clean, file))];
            lines.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{Path.GetFileName(noisy),-32} input {psnr[0]:F2}  blur {psnr[1]:F2}  auto {psnr[2]:F2}"));
            better &= psnr[2] > psnr[0] && psnr[2] > psnr[1];
        }

        table.WriteLine(string.Join('\n', lines));
        Assert.Equal(18, lines.Count);
        Assert.True(better, string.Join('\n', lines));
    }

    /// <summary>After the best affine fit, since some partners have another exposure.</summary>
    private static double Psnr(string clean, string file) =>
        JsonDocument.Parse(KlarProgram.Run("metrics", clean, file, "--affine", "--json").Output).RootElement
            .GetProperty("psnr")
            .GetDouble();
}
