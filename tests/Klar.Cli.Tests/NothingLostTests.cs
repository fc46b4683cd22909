using System.Security.Cryptography;
using System.Text.Json;
using Klar.Cli.Batch;
using Klar.Formats;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>What a user has is never replaced unasked, and what was cut short goes on (docs/reliability.md).</summary>
public sealed class NothingLostTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public NothingLostTests() => ImageFile.Write(_folder["in.tif"], DemoPicture.Create(32), SampleType.UInt16);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_input_and_files_of_others_are_replaced_with_overwrite_alone()
    {
        byte[] input = File.ReadAllBytes(_folder["in.tif"]);
        Median("in.tif", "--resume").IsOneLine(5, "is the input itself");
        Directory.CreateSymbolicLink(_folder["link"], _folder.Path);
        Median("link/in.tif", "--resume").IsOneLine(5, "is the input itself");
        File.WriteAllText(_folder["mine.tif"], "precious");
        Median("mine.tif", "--resume").IsOneLine(5, "not what Klar wrote");
        File.WriteAllText(_folder["out.tif.json"], "{\"mine\":1}");
        Median("out.tif").IsOneLine(5, "out.tif.json");
        Median("out.tif", "--resume").IsOneLine(5, "out.tif.json");
        Assert.Equal("precious", File.ReadAllText(_folder["mine.tif"]));
        Assert.Equal("{\"mine\":1}", File.ReadAllText(_folder["out.tif.json"]));
        Assert.Equal(input, File.ReadAllBytes(_folder["in.tif"]));
        Assert.Equal(["in.tif", "mine.tif", "out.tif.json"], Names());

        Assert.Equal(0, Median("in.tif", "--overwrite").Code);
        Assert.NotEqual(input, File.ReadAllBytes(_folder["in.tif"]));
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(input)), Sidecar("in.tif").GetProperty("inputSha256").GetString());
    }

    [Fact]
    public void Resume_replaces_what_Klar_made_unless_it_was_changed_since()
    {
        Assert.Equal(0, Median("out.tif").Code);
        Assert.Contains("(was done)", Median("out.tif", "--resume").Error, StringComparison.Ordinal);
        Assert.Equal(0, Median("out.tif", "--resume", "--set", "median.size=5").Code);
        File.AppendAllText(_folder["out.tif"], "edited");
        Median("out.tif", "--resume", "--set", "median.size=5").IsOneLine(5, "not what Klar wrote");
    }

    [Fact]
    public void What_a_killed_run_had_written_before_its_sidecar_is_made_again()
    {
        string[] options = ["--residual", "--report"];
        Assert.Equal(0, Median("out.tif", options).Code);
        string[] names = Names();

        // As a kill leaves them: files without a sidecar, and the lock that knows them.
        File.Delete(_folder["out.tif.json"]);
        string[] written = ["out.tif", "out_residual.tif", "out_report.html"];
        File.WriteAllLines(
            _folder["out.tif.klar-lock"],
            ["a process that was killed", .. written.Select(name => $"{Sum(name)}  {name}")]);
        Assert.Equal(0, Median("out.tif", [.. options, "--resume"]).Code);
        Assert.Equal(names, Names());
        JsonElement outputs = Sidecar("out.tif").GetProperty("outputs");
        Assert.Equal(Sum("out_residual.tif"), outputs.GetProperty("out_residual.tif").GetString());

        // One of them is another's by now.
        File.Delete(_folder["out.tif.json"]);
        File.WriteAllLines(
            _folder["out.tif.klar-lock"],
            ["a process that was killed", .. written.Select(name => $"{Sum(name)}  {name}")]);
        File.WriteAllText(_folder["out_residual.tif"], "precious");
        Median("out.tif", [.. options, "--resume"]).IsOneLine(5, "out_residual.tif");
        Assert.Equal("precious", File.ReadAllText(_folder["out_residual.tif"]));
    }

    [Fact]
    public void Leftovers_of_killed_runs_are_removed_and_those_of_the_living_are_not()
    {
        string machine = Machine();
        string dead = $".klar-{machine}7fffffff00000000-x.tif";
        string living = $".klar-{machine}{Environment.ProcessId:x8}00000000-x.tif";
        string foreign = ".klar-zzzz-notes.txt", old = ".klar-0123456789ab-x.tif", young = ".klar-ba9876543210-x.tif";
        foreach (string name in (string[])[dead, living, foreign, old, young])
        {
            File.WriteAllText(_folder[name], "half");
        }

        File.SetLastWriteTimeUtc(_folder[old], DateTime.UtcNow.AddDays(-2));
        Assert.Equal(0, Median("out.tif").Code);
        string[] kept = [living, young, foreign, "in.tif", "out.tif", "out.tif.json"];
        Assert.Equal([.. kept.Order(StringComparer.Ordinal)], Names());
    }

    [Fact]
    public void A_temporary_folder_of_a_killed_run_is_removed_by_the_next()
    {
        string dead =
            Path.Combine(Path.GetTempPath(), $".klar-{Machine()}7ffffffe{Guid.NewGuid().ToString("N")[..8]}-streams");
        Directory.CreateDirectory(dead);
        using System.Diagnostics.Process process =
            KlarProgram.Start("denoise", "-", "-m", "median", "-o", _folder["out.tif"]);
        process.StandardInput.BaseStream.Write(File.ReadAllBytes(_folder["in.tif"]));
        process.StandardInput.Close();
        Assert.Equal(0, KlarProgram.Wait(process).Code);
        Assert.False(Directory.Exists(dead));
    }

    [Fact]
    public void A_result_replaces_no_other_input_not_even_with_overwrite()
    {
        File.Copy(_folder["in.tif"], _folder["in_denoised.tif"]);
        byte[] before = File.ReadAllBytes(_folder["in_denoised.tif"]);
        Klar("denoise", _folder["in.tif"], _folder["in_denoised.tif"], "-m", "median", "--overwrite")
            .IsOneLine(2, "is an input of this run");
        File.WriteAllLines(
            _folder["list"],
            [
                $"{_folder["in.tif"]}\t{_folder["in_denoised.tif"]}",
                $"{_folder["in_denoised.tif"]}\t{_folder["z.tif"]}",
            ]);
        Klar("batch", "--file-list", _folder["list"], "-o", _folder["out"], "-m", "median", "--overwrite")
            .IsOneLine(2, "is an input of this run");
        Assert.Equal(before, File.ReadAllBytes(_folder["in_denoised.tif"]));
    }

    [Fact]
    public void A_training_replaces_no_file_of_others_and_shares_its_model_with_no_other_run()
    {
        string[] train =
            ["train", "neighbor2neighbor", _folder["in.tif"], "--steps", "1", "-o", _folder["n.safetensors"]];
        File.WriteAllText(_folder["n.loss.csv"], "precious");
        Klar([.. train, "--resume"]).IsOneLine(5, "n.loss.csv");
        Assert.Equal("precious", File.ReadAllText(_folder["n.loss.csv"]));
        File.Delete(_folder["n.loss.csv"]);
        using FileLock? other = FileLock.Take(_folder["n.safetensors"], out _);
        Klar(train).IsOneLine(5, "another run is making");
    }

    [Fact]
    public void Two_inputs_for_one_output_are_refused_before_anything_starts()
    {
        foreach (string folder in (string[])["a", "b"])
        {
            Directory.CreateDirectory(_folder[folder]);
            File.Copy(_folder["in.tif"], _folder[folder + "/x.tif"]);
        }

        Klar("denoise", _folder["a/x.tif"], _folder["b/x.tif"], "-m", "median", "--overwrite", "-o", _folder["out"])
            .IsOneLine(2, "would both be written");
        ImageFile.Write(_folder["a/x.png"], DemoPicture.Create(32), SampleType.UInt8);
        Klar("denoise", _folder["a"], "-m", "median", "--residual").IsOneLine(2, "x_denoised_residual.tif");
        Klar("batch", _folder["a"], "-m", "median", "--report", "-o", _folder["out"])
            .IsOneLine(2, "x_denoised_report.html");
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void Results_and_hidden_files_are_no_inputs()
    {
        Directory.CreateDirectory(_folder["d"]);
        File.Move(_folder["in.tif"], _folder["d/in.tif"]);
        File.WriteAllText(_folder["d/._in.tif"], "a shadow of macOS");
        for (int run = 0; run < 2; run++)
        {
            Assert.Equal(0, Klar("denoise", _folder["d"], "-m", "median", "--residual", "--resume").Code);
        }

        Assert.Equal(0, Klar("batch", _folder["d"], "-o", _folder["d"], "-m", "median", "--resume").Code);
        Assert.Equal(
            0, Klar("denoise", _folder["d/in.tif"], _folder["d/in_denoised.tif"], "-m", "median", "--resume").Code);
        Assert.DoesNotContain(
            Directory.GetFiles(_folder["d"]),
            static file => file.Contains("denoised_denoised", StringComparison.Ordinal));
        File.Delete(_folder["d/in.tif"]);
        File.Delete(_folder["d/in_denoised.tif"]);
        Klar("denoise", _folder["d"], "-m", "median").IsOneLine(4, "residuals of Klar's");
    }

    [Fact]
    public void A_file_that_was_denoised_in_its_place_is_still_an_input()
    {
        Assert.Equal(0, Median("in.tif", "--overwrite").Code);
        Assert.Equal(0, Klar("denoise", _folder.Path, "-m", "median").Code);
        Assert.True(File.Exists(_folder["in_denoised.tif"]));
    }

    [Fact]
    public void A_loop_of_links_is_gone_through_once()
    {
        Directory.CreateDirectory(_folder["d/below"]);
        File.Move(_folder["in.tif"], _folder["d/below/in.tif"]);
        Directory.CreateSymbolicLink(_folder["d/again"], _folder["d"]);
        Directory.CreateSymbolicLink(_folder["d/a-name-before"], _folder["d/below"]);
        string[] lines = Klar("batch", _folder["d"], "-o", _folder["out"], "-m", "median", "--dry-run")
            .Output.TrimEnd('\n').Split('\n');
        Assert.Equal([$"{_folder["d/below/in.tif"]} -> {_folder["out/below/in_denoised.tif"]}"], lines);
    }

    [Fact]
    public async Task Of_runs_at_once_on_one_output_one_wins_and_its_sidecar_is_its_own()
    {
        string[] methods = ["mean", "gaussian", "median", "bilateral"];
        foreach (string overwrite in (string[])["--quiet", "--overwrite"])
        {
            KlarProgram.Result[] results = await Task.WhenAll(methods.Select(method => Task.Run(
                () => Klar("denoise", _folder["in.tif"], "-m", method, "-o", _folder["out.tif"], overwrite))));
            Assert.All(results, static result => Assert.True(result.Code is 0 or 5, result.Error));
            Assert.True(results.Count(static result => result.Code == 0) is 1 || overwrite == "--overwrite");
            string winner = Sidecar("out.tif").GetProperty("method").GetString()!;
            Assert.Equal(
                0, Klar("denoise", _folder["in.tif"], "-m", winner, "-o", _folder["alone.tif"], "--overwrite").Code);
            Assert.Equal(
                ImageFile.Read(_folder["alone.tif"]).Image.Planes[0].Samples.ToArray(),
                ImageFile.Read(_folder["out.tif"]).Image.Planes[0].Samples.ToArray());
        }
    }

    [Fact]
    public void Overwriting_keeps_permissions_and_writes_through_links()
    {
        Assert.Equal(0, Median("real.tif").Code);
        const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        if (OperatingSystem.IsWindows())
        {
            return; // It has neither.
        }

        File.SetUnixFileMode(_folder["real.tif"], Mode);
        File.CreateSymbolicLink(_folder["link.tif"], _folder["real.tif"]);
        byte[] before = File.ReadAllBytes(_folder["real.tif"]);
        Assert.Equal(0, Median("link.tif", "--overwrite", "--set", "median.size=7").Code);
        Assert.NotNull(new FileInfo(_folder["link.tif"]).LinkTarget);
        Assert.NotEqual(before, File.ReadAllBytes(_folder["real.tif"]));
        Assert.Equal(Mode, File.GetUnixFileMode(_folder["real.tif"]));
    }

    /// <summary>The machine and its container, as they stand in the names of unfinished files.</summary>
    private static string Machine()
    {
        string container = OperatingSystem.IsLinux() ? new FileInfo("/proc/self/ns/pid").LinkTarget! : string.Empty;
        byte[] name = System.Text.Encoding.UTF8.GetBytes(Environment.MachineName + container);
        return Convert.ToHexStringLower(SHA256.HashData(name))[..4];
    }

    private static KlarProgram.Result Klar(params string[] arguments) => KlarProgram.Run(arguments);

    private KlarProgram.Result Median(string output, params string[] options) =>
        Klar(["denoise", _folder["in.tif"], "-m", "median", "-o", _folder[output], .. options]);

    private JsonElement Sidecar(string output) =>
        JsonDocument.Parse(File.ReadAllText(_folder[output + ".json"])).RootElement;

    private string Sum(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder[name])));

    private string[] Names() =>
    [
        .. Directory.GetFiles(_folder.Path)
            .Select(static file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal),
    ];
}
