using System.Diagnostics;
using System.Text.Json;
using Klar.Formats;
using Klar.Noise;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

public sealed class BatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Folders_below_are_kept_and_a_bad_file_is_one_line()
    {
        Files(3);
        Directory.CreateDirectory(_folder["in/Über uns 2"]);
        File.Move(_folder["in/f2.png"], _folder["in/Über uns 2/Zellen ä.png"]);
        File.WriteAllText(_folder["in/bad.tif"], "no picture");
        KlarProgram.Result result = Batch("-m", "median");
        Assert.Equal(3, result.Code);
        Assert.Single(result.Error.Split('\n'), static line => line.StartsWith("klar: ", StringComparison.Ordinal)
            && line.Contains("bad.tif", StringComparison.Ordinal));
        Assert.True(File.Exists(_folder["out/Über uns 2/Zellen ä_denoised.png"]));
        string[] rows = File.ReadAllLines(_folder["out/klar-batch.csv"]);
        Assert.Equal(5, rows.Length);
        Assert.Equal(4, JsonDocument.Parse(File.ReadAllText(_folder["out/klar-batch.json"])).RootElement
            .GetProperty("files")
            .GetArrayLength());
    }

    [Fact]
    public void A_dry_run_writes_nothing()
    {
        Files(2);
        KlarProgram.Result result = Batch("-m", "median", "--dry-run");
        Assert.Equal(0, result.Code);
        Assert.Equal(2, result.Output.TrimEnd('\n').Split('\n').Length);
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void Filters_lists_and_what_lies_in_the_output_folder()
    {
        Files(4);
        Assert.Equal(
            "f1.png", Inputs(Batch("--dry-run", "--include", "f1*", "--include", "f2*", "--exclude", "f2.png")));
        File.WriteAllText(_folder["list"], $"# two of them\n{_folder["in/f0.png"]}\n\n{_folder["in/f3.png"]}\n");
        Assert.Equal(
            "f0.png f3.png",
            Inputs(KlarProgram.Run("batch", "--file-list", _folder["list"], "-o", _folder["out"], "--dry-run")));
        Assert.Equal(0, KlarProgram.Run("batch", _folder["in"], "-o", _folder["in/out"], "-m", "median").Code);
        Assert.Equal(
            "f0.png f1.png f2.png f3.png",
            Inputs(KlarProgram.Run("batch", _folder["in"], "-o", _folder["in/out"], "--dry-run")));
        File.WriteAllText(_folder["list"], $"{_folder["in/f0.png"]}\n{_folder["in/../in/f0.png"]}\n");
        KlarProgram.Run("batch", "--file-list", _folder["list"], "-o", _folder["out"]).IsOneLine(
            2, "would both be written");

        static string Inputs(KlarProgram.Result result) => string.Join(
            ' ',
            result.Output.TrimEnd('\n').Split('\n').Select(static line => Path.GetFileName(line.Split(" -> ")[0])));
    }

    [Fact]
    public void Resume_does_what_is_missing_and_what_has_changed()
    {
        Files(4);
        Assert.Equal(0, Batch("-m", "median").Code);
        Assert.Equal(5, Batch("-m", "median").Code);
        Assert.Equal("4 skipped", Counts(Batch("-m", "median", "--resume")));

        File.Delete(_folder["out/f0_denoised.png"]);
        File.Delete(_folder["out/f1_denoised.png.json"]);
        File.Copy(_folder["in/f3.png"], _folder["in/f2.png"], overwrite: true);
        KlarProgram.Result resumed = Batch("-m", "median", "--resume");
        Assert.Equal("1 failed 2 made 1 skipped", Counts(resumed));
        Assert.Contains("f1_denoised.png exists and is not what Klar wrote", resumed.Error, StringComparison.Ordinal);
        Assert.Equal("1 made 3 skipped", Counts(Batch("-m", "median", "--resume", "--overwrite")));
        Assert.Equal("4 made", Counts(Batch("-m", "median", "--set", "median.size=5", "--resume")));
    }

    [Fact]
    public void Shards_together_are_the_whole()
    {
        Files(5);
        Assert.Equal(0, Batch("-m", "bm3d").Code);
        foreach (string shard in (string[])["1/3", "0/3", "2/3"])
        {
            Assert.Equal(
                0,
                KlarProgram.Run("batch", _folder["in"], "-o", _folder["shards"], "-m", "bm3d", "--shard", shard).Code);
        }

        Same(_folder["out"], _folder["shards"]);
        Assert.Equal(3, Directory.GetFiles(_folder["shards"], "klar-batch.shard-*.csv").Length);
        Batch("--shard", "3/3").IsOneLine(2, "--shard 3/3");
    }

    [Fact]
    public async Task Two_runs_at_once_do_each_file_once()
    {
        Files(6);
        string[] command =
        [
            "batch", _folder["in"], "-o", _folder["out"], "-m", "zs-n2n", "--set", "zs-n2n.steps=60", "--resume",
            "--json"
        ];
        using Process one = KlarProgram.Start(command), two = KlarProgram.Start(command);
        Task<KlarProgram.Result> first = Task.Run(() => KlarProgram.Wait(one));
        KlarProgram.Result[] results = [KlarProgram.Wait(two), await first];
        Assert.All(results, static result => Assert.Equal(0, result.Code));
        Assert.Equal(6, results.Sum(static result => Statuses(result).Count(static status => status == "made")));
        Assert.Equal(6, Directory.GetFiles(_folder["out"], "*_denoised.png").Length);
        Assert.Empty(Directory.GetFiles(_folder["out"], "*.klar-lock"));
    }

    [Fact]
    public void A_lock_without_an_owner_holds_nobody_up()
    {
        Files(1);
        Directory.CreateDirectory(_folder["out"]);
        File.WriteAllText(_folder["out/f0_denoised.png.klar-lock"], "a process that was killed");
        Assert.Equal("1 made", Counts(Batch("-m", "median")));
    }

    [Fact]
    public void Killed_at_any_moment_nothing_is_lost() => KillAndGoOn(kills: 5);

    [Fact]
    [Trait("Category", Long.Category)]
    public void Killed_many_times_nothing_is_lost() => KillAndGoOn(kills: 50);

    [Fact]
    [Trait("Category", Long.Category)]
    public void Ten_thousand_small_files()
    {
        Directory.CreateDirectory(_folder["in"]);
        ImageFile.Write(_folder["small.png"], DemoPicture.Create(16), SampleType.UInt8);
        for (int i = 0; i < 10_000; i++)
        {
            File.Copy(_folder["small.png"], _folder[$"in/f{i:D5}.png"]);
        }

        using Process process =
            KlarProgram.Start("batch", _folder["in"], "-o", _folder["out"], "-m", "median", "--quiet");
        long most = PeakMemory.Of(process);
        Assert.Equal(0, KlarProgram.Wait(process).Code);
        Assert.InRange(most, 0, 500L << 20);
        Assert.Equal(10_001, File.ReadAllLines(_folder["out/klar-batch.csv"]).Length);
    }

    [RootFact]
    public void A_full_disk_fails_what_does_not_fit_and_leaves_nothing_half_written()
    {
        Files(6);
        Directory.CreateDirectory(_folder["out"]);
        Mount("mount", "-t", "tmpfs", "-o", "size=40k", "klar-test", _folder["out"]);
        try
        {
            KlarProgram.Result result = Batch("-m", "median");
            Assert.True(result.Code is 1 or 3, result.Error);
            Assert.Contains("No space left", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain(Directory.GetFiles(_folder["out"]), static file =>
                Path.GetFileName(file).StartsWith('.') || file.EndsWith(".klar-lock", StringComparison.Ordinal));
            foreach (string made in Directory.GetFiles(_folder["out"], "*.png"))
            {
                _ = ImageFile.Read(made);
            }
        }
        finally
        {
            Mount("umount", _folder["out"]);
        }
    }

    [RootFact]
    public void A_folder_that_may_not_be_written_is_one_line()
    {
        Files(1);
        Directory.CreateDirectory(_folder["out"]);
        Mount("mount", "-t", "tmpfs", "-o", "size=40k,ro", "klar-test", _folder["out"]);
        try
        {
            KlarProgram.Result result = Batch("-m", "median");
            Assert.Equal(1, result.Code);
            Assert.Contains("Read-only file system", result.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        }
        finally
        {
            Mount("umount", _folder["out"]);
        }
    }

    [Fact]
    public void A_file_that_changes_while_it_is_read_is_refused()
    {
        Files(1);
        using Process process = KlarProgram.Start(
            "batch", _folder["in"], "-o", _folder["out"], "-m", "zs-n2n", "--set", "zs-n2n.steps=300", "--attached");
        KlarProgram.WaitForProgress(process); // the file is read before anything is denoised
        ImageFile.Write(_folder["in/f0.png"], DemoPicture.Create(48), SampleType.UInt8);
        KlarProgram.Result result = KlarProgram.Wait(process);
        Assert.Equal(1, result.Code);
        Assert.Contains("changed while it was read", result.Error, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder["out"], "f0*"));
    }

    /// <summary>
    /// Runs are killed at random moments until one comes through; its outputs are those of a run that nobody
    /// disturbed.
    /// </summary>
    private void KillAndGoOn(int kills)
    {
        Files(6);
        string[] command =
        [
            "batch", _folder["in"], "-o", _folder["out"], "-m", "zs-n2n", "--set", "zs-n2n.steps=60", "--resume"
        ];
        var random = new Random(7);
        for (int i = 0; i < kills; i++)
        {
            using Process process = KlarProgram.Start(command);
            if (!process.WaitForExit(random.Next(150, 1500)))
            {
                process.Kill();
            }

            process.WaitForExit();
            foreach (string made in Made())
            {
                _ = ImageFile.Read(made); // whole, or not there
            }

            if (i % 7 == 0)
            {
                // Also from the start, so that all kills hit work.
                Made().ToList().ForEach(File.Delete);
            }
        }

        Assert.Equal(0, KlarProgram.Run(command).Code);
        Assert.Equal(0, KlarProgram.Run(
            "batch", _folder["in"], "-o", _folder["undisturbed"], "-m", "zs-n2n", "--set", "zs-n2n.steps=60").Code);
        Same(_folder["undisturbed"], _folder["out"]);
        Assert.DoesNotContain(Directory.GetFiles(_folder["out"]), static file => file.Contains(
            "klar-unfinished", StringComparison.Ordinal) || file.EndsWith(".klar-lock", StringComparison.Ordinal));
    }

    /// <summary>The outputs so far; none where a run was ended before it made their folder.</summary>
    private string[] Made() =>
        Directory.Exists(_folder["out"]) ? Directory.GetFiles(_folder["out"], "f*_denoised.png") : [];

    private KlarProgram.Result Batch(params string[] options) =>
        KlarProgram.Run(["batch", _folder["in"], "-o", _folder["out"], .. options]);

    private void Files(int count)
    {
        Directory.CreateDirectory(_folder["in"]);
        for (int i = 0; i < count; i++)
        {
            Image noisy =
                new GaussianNoise(20).AddTo(DemoPicture.Create(64), clip: true, new RunSettings { Seed = (ulong)i });
            ImageFile.Write(_folder[$"in/f{i}.png"], noisy, SampleType.UInt8);
        }
    }

    private static string Counts(KlarProgram.Result result) =>
        string.Join(' ', result.Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Select(static words => $"{words[1]} {words[0]}"));

    private static IEnumerable<string> Statuses(KlarProgram.Result result) =>
        JsonDocument.Parse(result.Output).RootElement.GetProperty("files").EnumerateArray().Select(
            static file => file.GetProperty("status").GetString()!);

    private static void Same(string folder, string other)
    {
        string[] made = [.. Directory.GetFiles(folder, "*_denoised.png").Order(StringComparer.Ordinal)];
        Assert.NotEmpty(made);
        Assert.All(made, file =>
            Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(Path.Combine(other, Path.GetFileName(file)))));
        Assert.Equal(made.Length, Directory.GetFiles(other, "*_denoised.png").Length);
    }

    private static void Mount(params string[] command)
    {
        using Process process = Process.Start(command[0], command[1..]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
