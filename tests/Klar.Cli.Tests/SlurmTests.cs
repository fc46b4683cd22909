using System.Diagnostics;
using System.Globalization;
using Klar.Formats;
using Klar.Noise;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>A real Slurm on one node, started and stopped by the test.</summary>
public sealed class SlurmTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SlurmFact]
    public async Task A_task_that_was_killed_is_found_and_done_again()
    {
        for (int i = 0; i < 12; i++)
        {
            Directory.CreateDirectory(_folder["in"]);
            Image noisy =
                new GaussianNoise(20).AddTo(DemoPicture.Create(64), clip: true, new RunSettings { Seed = (ulong)i });
            ImageFile.Write(_folder[$"in/f{i:D2}.png"], noisy, SampleType.UInt8);
        }

        // About a second a file, so that there is time to kill a task.
        string[] options = ["-m", "zs-n2n", "--set", "zs-n2n.steps=400"];
        Assert.Equal(0, KlarProgram.Run(["batch", _folder["in"], "-o", _folder["local"], .. options]).Code);
        Shell(0, Script, "start", _folder["slurm"]);
        try
        {
            string configuration = Path.Combine(_folder["slurm"], "slurm.conf");
            string[] array =
            [
                "batch", _folder["in"], "-o", _folder["array"], "--engine", "slurm", "--tasks", "4", "--sbatch",
                "--time=10 --cpus-per-task=1", .. options
            ];
            using Process submitted = KlarProgram.StartWith(("SLURM_CONF", configuration), array);
            Task<KlarProgram.Result> first = Task.Run(() => KlarProgram.Wait(submitted));

            // The second task is killed while it is at its first or second file.
            var watch = Stopwatch.StartNew();
            while (!File.Exists(_folder["array/f01_denoised.png.klar-lock"])
                && watch.Elapsed < TimeSpan.FromMinutes(10))
            {
                await Task.Delay(50);
            }

            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(10), "the array did not start");
            Assert.Equal(0, (await Ran("scancel", configuration, "--signal=KILL", "1_1")).Code);
            KlarProgram.Result killed = await first;
            Assert.Equal(3, killed.Code);

            // Slurm may end the task's program before it kills it; then the program itself says that it was stopped.
            string[] words = ["task 1 ended before its report", "f01.png: the run was stopped before it was done"];
            Assert.True(words.Any(line => killed.Error.Contains(line, StringComparison.Ordinal)), killed.Error);

            using Process resumed = KlarProgram.StartWith(("SLURM_CONF", configuration), [.. array, "--resume"]);
            KlarProgram.Result second = KlarProgram.Wait(resumed);
            Assert.True(second.Code == 0, second.Error);
            Assert.Contains("1 of 4 tasks", second.Error, StringComparison.Ordinal);
            Assert.Equal(13, File.ReadAllLines(_folder["array/klar-batch.csv"]).Length);
            Assert.Equal(12, Directory.GetFiles(_folder["array"], "*_denoised.png").Length);
            foreach (string file in Directory.GetFiles(_folder["array"], "*_denoised.png"))
            {
                Assert.Equal(
                    File.ReadAllBytes(Path.Combine(_folder["local"], Path.GetFileName(file))), File.ReadAllBytes(file));
            }
        }
        finally
        {
            Shell(0, Script, "stop", _folder["slurm"]);
        }
    }

    [Fact]
    public void Without_slurm_it_says_so()
    {
        Directory.CreateDirectory(_folder["in"]);
        ImageFile.Write(_folder["in/f.png"], DemoPicture.Create(32), SampleType.UInt8);
        using Process process = KlarProgram.StartWith(
            ("PATH", Path.GetDirectoryName(Environment.ProcessPath)!), "batch", _folder["in"], "-o", _folder["out"],
            "--engine", "slurm");
        KlarProgram.Wait(process).IsOneLine(1, "there is no sbatch here");
    }

    private static string Script => Path.Combine(Repository.Folder, "tests", "Klar.Cli.Tests", "one-node-slurm");

    private static async Task<(int Code, string Output)> Ran(
        string program, string configuration, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true };
        start.Environment["SLURM_CONF"] = configuration;
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    private static void Shell(int code, params string[] command)
    {
        using Process process = Process.Start("bash", command);
        process.WaitForExit();
        Assert.Equal(
            code.ToString(CultureInfo.InvariantCulture), process.ExitCode.ToString(CultureInfo.InvariantCulture));
    }
}

/// <summary>A test on a real Slurm; skipped where it may not be started.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class SlurmFactAttribute : FactAttribute
{
    public SlurmFactAttribute() => Skip = Environment.UserName != "root" ? "needs root to start Slurm"
        : File.Exists("/usr/sbin/slurmctld") && File.Exists("/usr/sbin/munged") ? null
        : "needs slurm-wlm and munge";
}
