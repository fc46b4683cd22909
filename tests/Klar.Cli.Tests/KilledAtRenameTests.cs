using System.Diagnostics;
using System.Globalization;
using Klar.Formats;
using Klar.Noise;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>
/// A kill exactly where a file gets its name, at each of a run's files: the next run goes on, and nothing is left of
/// the first.
/// </summary>
public sealed class KilledAtRenameTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public KilledAtRenameTests()
    {
        Image noisy = new GaussianNoise(20).AddTo(DemoPicture.Create(64), clip: true, new RunSettings());
        Directory.CreateDirectory(_folder["in"]);
        ImageFile.Write(_folder["in/a.tif"], noisy, SampleType.UInt8);
    }

    public void Dispose() => _folder.Dispose();

    [StraceTheory]
    [Trait("Category", Long.Category)]
    [InlineData(3, "denoise", "in/a.tif", "-m", "median", "-o", "out/x.tif", "--residual", "--report")]
    [InlineData(4, "batch", "in", "-m", "median", "-o", "out")]
    [InlineData(6, "batch", "in", "-m", "median", "-o", "out", "--residual", "--report")]
    [InlineData(4, "train", "neighbor2neighbor", "in/a.tif", "--steps", "2", "-o", "out/n.safetensors")]
    public void The_next_run_goes_on_and_nothing_is_left(int renames, params string[] command)
    {
        Directory.CreateDirectory(_folder["out"]);
        Assert.Equal(0, Run("dotnet", [Program, .. command]));
        string[] expected = Files();
        for (int i = 1; i <= renames; i++)
        {
            Directory.Delete(_folder["out"], recursive: true);
            Directory.CreateDirectory(_folder["out"]);
            string inject = string.Create(CultureInfo.InvariantCulture, $"inject=rename:signal=KILL:when={i}");
            string[] killed =
                ["-f", "-o", "/dev/null", "-e", "trace=rename", "-e", inject, "dotnet", Program, .. command];
            Assert.NotEqual(0, Run("strace", killed));
            Assert.Equal(0, Run("dotnet", [Program, .. command, "--resume"]));
            Assert.Equal(expected, Files());
        }
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "Klar.Cli.dll");

    private int Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        using Process process = Process.Start(start)!;
        return KlarProgram.Wait(process).Code;
    }

    private string[] Files() =>
    [
        .. Directory.GetFiles(_folder["out"])
            .Select(static file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal),
    ];
}

/// <summary>A theory that kills a program at a system call; skipped where nothing can do so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StraceTheoryAttribute : TheoryAttribute
{
    public StraceTheoryAttribute() => Skip = File.Exists("/usr/bin/strace") ? null : "needs strace";
}
