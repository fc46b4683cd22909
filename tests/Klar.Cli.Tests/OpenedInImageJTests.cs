using System.Diagnostics;
using System.Globalization;
using Klar.Formats;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>Debian's ImageJ, without a screen, opens what Klar makes of files of microscopes.</summary>
public sealed class OpenedInImageJTests : IDisposable
{
    private const string ImageJ = "/usr/share/java/ij.jar";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedFact]
    public void Results_have_their_sizes_pages_and_samples()
    {
        (string Input, string[] Options)[] runs =
        [
            ("vendor/CellDivision_T3_Z5_CH2_X240_Y170.czi", []),
            ("vendor/CellDivision_T3_Z5_CH2_X240_Y170.czi", ["--compression", "deflate"]),
            ("vendor/xz-example.lif", ["--scene", "0"]),
            ("stacks/ome/multifile-Z2.ome.tiff", []),
            ("stacks/imagej/xyz_8bit__mitotic_plate_calibrated.tif", ["--compression", "deflate"]),
        ];
        string[] outputs = [.. runs.Select((_, i) => _folder[$"{i}.ome.tif"])];
        foreach (((string input, string[] options), string output) in runs.Zip(outputs))
        {
            KlarProgram.Result made = KlarProgram.Run(
                ["denoise", SharedData.PathOf(input), "-m", "median", "-o", output, .. options]);
            Assert.True(made.Code == 0, made.Error);
        }

        Run("javac", "--release", "11", "-cp", ImageJ, "-d", _folder.Path, Path.Combine(Here, "Opened.java"));
        string[] java = ["-Djava.awt.headless=true", "-cp", $"{ImageJ}:{_folder.Path}", "Opened", .. outputs];
        string[] lines = Run("java", java).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(outputs.Select(Expected), lines);
    }

    private static string Here => Path.Combine(Repository.Folder, "tests", "Klar.Cli.Tests");

    private static string Expected(string output)
    {
        using ImageStack stack = ImageStack.Open(output);
        ImageFileInfo info = stack.Info;
        int bits = info.SampleType switch { SampleType.UInt8 => 8, SampleType.UInt16 => 16, _ => 32 };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{info.Width}x{info.Height} {stack.Pages} pages {bits} bits "
            + $"{Sum(stack, 0)} {Sum(stack, stack.Pages - 1)}");
    }

    private static long Sum(ImageStack stack, int page)
    {
        Image image = stack.Read(page).Image;
        double sum = 0;
        foreach (float sample in image.Planes[0].Samples)
        {
            sum += Math.Round(image.Scale.Black + (sample * (double)image.Scale.Range));
        }

        return (long)sum;
    }

    private static string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + error.Result);
        return output;
    }
}
