using System.Diagnostics;
using System.Globalization;
using Klar.Formats;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>
/// Files that are damaged, hostile or merely strange: a result or one clear line, soon, in little memory.
/// </summary>
public sealed class MalformedTests : IDisposable
{
    private const int MaxSeconds = 120;
    private const long MaxMemory = 1L << 30;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedFact]
    public void Thirty_of_the_malformed_files_do_no_harm()
    {
        string[] files = Files();
        Assert.Equal(721, files.Length);
        Try(files.Where((_, i) => i * 30 / files.Length != (i - 1) * 30 / files.Length || i == 0).Take(30));
    }

    [SharedFact]
    [Trait("Category", Long.Category)]
    public void All_malformed_files_do_no_harm_and_those_that_open_are_known()
    {
        string[] opened = [.. Try(Files())];
        string list = Path.Combine(Repository.Folder, "benchmarks", "malformed.txt");
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") == "1")
        {
            File.WriteAllLines(list, opened);
        }

        Assert.Equal(File.ReadAllLines(list), opened);
    }

    [Fact]
    public void Mutated_headers_do_no_harm() => Fuzz(rounds: 150);

    [Fact]
    [Trait("Category", Long.Category)]
    public void Many_mutated_headers_do_no_harm() => Fuzz(rounds: 20_000);

    /// <summary>Runs <c>info</c> and <c>denoise -m median</c> on each; returns those that open.</summary>
    private List<string> Try(IEnumerable<string> files)
    {
        var opened = new List<string>();
        foreach (string file in files)
        {
            KlarProgram.Result info = Harmless(file, "info", file);
            KlarProgram.Result denoised =
                Harmless(file, "denoise", file, "-m", "median", "-o", _folder["out.tif"], "--overwrite");
            if (denoised.Code == 0)
            {
                opened.Add(Path.GetRelativePath(SharedData.PathOf("malformed"), file));
                Assert.Equal(0, info.Code);
            }
        }

        return opened;
    }

    private static KlarProgram.Result Harmless(string file, params string[] arguments)
    {
        var watch = Stopwatch.StartNew();
        using Process process = KlarProgram.Start(arguments);
        Task<string> output = process.StandardOutput.ReadToEndAsync(), error = process.StandardError.ReadToEndAsync();
        long memory = PeakMemory.Of(process, MaxSeconds * 1000);
        Assert.True(process.HasExited, $"{file}: {arguments[0]} hangs");
        process.WaitForExit();
        Assert.True(
            watch.Elapsed < TimeSpan.FromSeconds(MaxSeconds),
            $"{file}: {arguments[0]} took {watch.Elapsed.TotalSeconds:F0} s");
        Assert.True(memory < MaxMemory, $"{file}: {arguments[0]} took {memory >> 20} MB");
        var result = new KlarProgram.Result(process.ExitCode, output.Result, error.Result);
        if (result.Code != 0)
        {
            result.IsOneLine(1, Path.GetFileName(file));
            Assert.DoesNotContain("internal error", result.Error, StringComparison.Ordinal);
        }

        return result;
    }

    /// <summary>
    /// TIFF and PNG files with bytes of their first kilobyte changed, read in this process: an image, or a
    /// <see cref="BadImageFileException"/>.
    /// </summary>
    private void Fuzz(int rounds)
    {
        ImageFile.Write(_folder["seed.tif"], DemoPicture.Create(24), SampleType.UInt16);
        ImageFile.Write(_folder["seed.png"], DemoPicture.Create(24), SampleType.UInt8);
        byte[][] seeds = [File.ReadAllBytes(_folder["seed.tif"]), File.ReadAllBytes(_folder["seed.png"])];
        string[] mutated = [_folder["mutated.tif"], _folder["mutated.png"]];
        var random = new Random(20261123);
        int read = 0;
        for (int round = 0; round < rounds; round++)
        {
            int kind = round % 2;
            byte[] bytes = (byte[])seeds[kind].Clone();

            // TIFF's directory is at the end of what libraries write.
            int from = kind == 0 && round % 4 == 0 ? bytes.Length - 300 : 0,
                span = Math.Min(kind == 0 ? 300 : 60, bytes.Length - from);
            for (int change = random.Next(1, 5); change > 0; change--)
            {
                int at = from + random.Next(span);
                bytes[at] = random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => (byte)random.Next(256) };
            }

            if (random.Next(8) == 0)
            {
                Array.Resize(ref bytes, random.Next(bytes.Length));
            }

            File.WriteAllBytes(mutated[kind], bytes);
            try
            {
                using ImageStack stack = ImageStack.Open(mutated[kind]);
                _ = stack.Read(stack.Pages - 1);
                read++;
            }
            catch (BadImageFileException)
            {
                // One clear line.
            }
            catch (Exception failure)
            {
                string kept = Path.Combine(
                    Path.GetTempPath(),
                    $"klar-fuzz-{round.ToString(CultureInfo.InvariantCulture)}{Path.GetExtension(mutated[kind])}");
                File.WriteAllBytes(kept, bytes);
                Assert.Fail($"{kept}: {failure}");
            }
        }

        Assert.InRange(read, rounds / 20, rounds);
    }

    private static string[] Files() =>
        [.. Directory.EnumerateFiles(SharedData.PathOf("malformed"), "*", SearchOption.AllDirectories).Order(
            StringComparer.Ordinal)];
}
