using System.Diagnostics;
using System.Globalization;
using Klar.Formats;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>
/// Pages that take long and much memory, however small their files are: they can be stopped, or are refused.
/// </summary>
public sealed class HugePageTests : IDisposable
{
    // A run ends about 2 s after a signal; a machine that is busy may take longer, and a run that hears no signal a
    // minute.
    private const int LongestEnd = 10_000;
    private const int Patience = 60_000;
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Commands => [.. Lines];

    private static string[] Lines =>
    [
        "denoise in.tif -m median -o out.tif", "denoise in.tif -m wiener -o -",
        "batch . --include in.tif -o out -m mean", "estimate in.tif", "compare in.tif --noise gaussian:25 --methods "
            + "median", "metrics in.tif in.tif",
        "noise in.tif --add gaussian:25 -o out.tif", "page in.tif", "page in.tif -m median --region 0,0,10,10",
    ];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Commands))]
    public void A_page_that_does_not_fit_into_memory_is_a_line(string command)
    {
        OneStripTiff.Write(_folder["in.tif"], 3000);
        using Process process = Start(command, ("DOTNET_GCHeapHardLimit", "0x8000000"));
        KlarProgram.Result result = KlarProgram.Wait(process);
        Assert.Equal(1, result.Code);
        string line = Assert.Single(
            result.Error.Split('\n'), static line => line.StartsWith("klar:", StringComparison.Ordinal));
        Assert.Matches("3000 x 3000 needs about [0-9]+ MB of memory, and this process may take 128 MB$", line);
        Assert.False(File.Exists(_folder["out.tif"]));
    }

    [Fact]
    public void A_page_beyond_two_gigabytes_is_a_line()
    {
        OneStripTiff.Write(_folder["in.tif"], 46_400);
        using Process process = Start("page in.tif", ("DOTNET_GCHeapHardLimit", "0x2000000000"));
        KlarProgram.Wait(process).IsOneLine(1, "46400 x 46400");
        Assert.Throws<BadImageFileException>(() => ImageFile.Read(_folder["in.tif"]));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public void A_run_that_waits_for_something_else_ends_soon_after_a_signal(string signal, int code)
    {
        // Nobody reads what it writes, and a pipe holds but 64 KB.
        ImageFile.Write(_folder["in.tif"], new Image(Plane.From(512, 512, new float[512 * 512])), SampleType.UInt8);
        using Process process = Start("denoise in.tif -m median -o -");
        string temporary = Path.GetTempPath(), own = $".klar-*{process.Id:x8}*-streams";
        bool IsWritten() => Directory.EnumerateDirectories(temporary, own)
            .Any(static folder => File.Exists(Path.Combine(folder, "output.tif.json")));
        var watch = Stopwatch.StartNew();
        while (!IsWritten() && !process.HasExited && watch.ElapsedMilliseconds < Patience)
        {
            Thread.Sleep(20);
        }

        Thread.Sleep(500);
        Assert.False(process.HasExited);
        Assert.Equal(code, CodeAfter(process, signal));
        Assert.Empty(Directory.EnumerateDirectories(temporary, own));
    }

    [Theory]
    [Trait("Category", Long.Category)]
    [MemberData(nameof(Commands))]
    public void A_page_of_one_strip_can_be_stopped_at_any_moment(string command)
    {
        OneStripTiff.Write(_folder["in.tif"], 20_000);
        foreach (int moment in (int[])[1500, 3000, 6000, 10_000])
        {
            using Process process = Start(command);
            if (process.WaitForExit(moment))
            {
                // It was quicker than that; had it been refused, nothing would have been stopped.
                Assert.True(process.ExitCode == 0, process.StandardError.ReadToEnd());
                return;
            }

            Assert.Equal(143, CodeAfter(process, "TERM"));
            Assert.Equal(["in.tif"], FilesLeft());
        }
    }

    private string[] FilesLeft() =>
    [
        .. Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName)
            .OfType<string>().Where(static name => !name.StartsWith("klar-batch", StringComparison.Ordinal)),
    ];

    private static int CodeAfter(Process process, string signal)
    {
        using (Process kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        if (!process.WaitForExit(LongestEnd))
        {
            process.Kill();
            Assert.Fail("klar does not stop");
        }

        return process.ExitCode;
    }

    private Process Start(string command, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Klar.Cli.dll"));
        command.Split(' ').ToList().ForEach(start.ArgumentList.Add);
        foreach ((string name, string value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }
}
