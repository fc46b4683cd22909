using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Klar.Catalogue;
using Klar.Formats;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

public sealed class CommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public CommandTests() => ImageFile.Write(_folder["clean.png"], DemoPicture.Create(64), SampleType.UInt8);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Version_is_the_bare_number()
    {
        KlarProgram.Result result = KlarProgram.Run("--version");
        Assert.Equal((0, Product.Version + "\n"), (result.Code, result.Output));
        Assert.Matches(@"^\d+\.\d+\.\d+$", Product.Version);
    }

    [Fact]
    public void The_changelog_begins_with_this_version()
    {
        string heading = File.ReadLines(Path.Combine(Repository.Folder, "CHANGELOG.md"))
            .First(static line => line.StartsWith("## ", StringComparison.Ordinal));
        Assert.Matches($@"^## {Product.Version} \((unreleased|\d{{4}}-\d\d-\d\d)\)$", heading);
    }

    [Fact]
    public void Without_a_command_there_is_help()
    {
        KlarProgram.Result result = KlarProgram.Run();
        Assert.Equal(0, result.Code);
        Assert.Contains("klar demo", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Compare_prints_the_rows_as_json()
    {
        KlarProgram.Result result = KlarProgram.Run(
            "compare", _folder["clean.png"], "--noise", "gaussian:25,uniform:0.20", "--methods", "median,wiener",
            "--crop", "32", "--seed", "42", "--json");
        Assert.Equal(0, result.Code);
        JsonElement document = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(42, document.GetProperty("seed").GetInt32());
        Assert.Equal(Product.Version, document.GetProperty("version").GetString());
        JsonElement[] rows = [.. document.GetProperty("rows").EnumerateArray()];
        Assert.Equal(6, rows.Length);
        Assert.Equal(
            ["image", "noise", "method", "psnr", "ssim", "seconds", "sigmaEstimated", "warnings"],
            rows[0].EnumerateObject().Select(static property => property.Name));
        Assert.Equal("uniform:0.20", rows[5].GetProperty("noise").GetString());
        Assert.Equal(
            ["noisy", "median", "wiener"], rows[..3].Select(static row => row.GetProperty("method").GetString()));
        Assert.Equal(["clean.png"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void As_published_has_the_four_methods_of_the_study()
    {
        KlarProgram.Result result =
            KlarProgram.Run("compare", _folder["clean.png"], "--as-published", "--crop", "16", "--json");
        Assert.Equal(0, result.Code);
        JsonElement[] rows = [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(3 * 5, rows.Length);
        Assert.Equal(
            ["noisy", "median", "wiener", "bm3d", "zs-n2n"],
            rows[..5].Select(static row => row.GetProperty("method").GetString()));
        Assert.All(rows, static row => Assert.Equal(JsonValueKind.Null, row.GetProperty("sigmaEstimated").ValueKind));
    }

    [Fact]
    public void Bench_methods_prints_a_time_for_each_size()
    {
        JsonElement document = JsonDocument.Parse(
            KlarProgram.Run(
                "bench", "methods", "--methods", "median,zs-n2n", "--sizes", "32,48", "--rounds", "1",
                "--json").Output).RootElement;
        JsonElement[] rows = [.. document.GetProperty("rows").EnumerateArray()];
        Assert.Equal(
            [("median", 32, false), ("zs-n2n", 32, true), ("median", 48, false), ("zs-n2n", 48, true)],
            rows.Select(static row => (
                row.GetProperty("method").GetString(), row.GetProperty("size").GetInt32(),
                row.GetProperty("extrapolated").GetBoolean())));
        KlarProgram.Run("bench", "methods", "--sizes", "8").IsOneLine(2, "--sizes");
        KlarProgram.Run("bench", "methods", "--size", "64").IsOneLine(2, "klar bench methods --help");
    }

    [Fact]
    public void Bench_quality_goes_on_where_it_stopped()
    {
        Directory.CreateDirectory(_folder["clean/set"]);
        File.Copy(_folder["clean.png"], _folder["clean/set/a.png"]);
        string[] arguments =
        [
            "bench", "quality", "--data", _folder.Path, "--sets", "set", "--noise", "gaussian:25", "--methods",
            "median", "-o", _folder["q.csv"]
        ];
        Assert.StartsWith("1 rows measured, 0 kept", KlarProgram.Run(arguments).Output, StringComparison.Ordinal);
        string first = File.ReadAllText(_folder["q.csv"]);
        arguments[^3] = "median,mean";
        Assert.StartsWith("1 rows measured, 1 kept", KlarProgram.Run(arguments).Output, StringComparison.Ordinal);
        Assert.StartsWith(first, File.ReadAllText(_folder["q.csv"]), StringComparison.Ordinal);
        Assert.Contains("| mean |", File.ReadAllText(_folder["q.md"]), StringComparison.Ordinal);
        arguments[^3] = "median,magic";
        KlarProgram.Run(arguments).IsOneLine(2, "magic");
        arguments[5] = "nowhere";
        arguments[^3] = "median";
        KlarProgram.Run(arguments).IsOneLine(1, "nowhere");
    }

    [Fact]
    public void Bench_noise_lists_truth_and_measurement()
    {
        Directory.CreateDirectory(_folder["clean/set"]);
        File.Copy(_folder["clean.png"], _folder["clean/set/a.png"]);
        Assert.StartsWith(
            "20 measurements", KlarProgram.Run(
                "bench", "noise", "--data", _folder.Path, "--sets", "set", "--seeds", "1", "-o",
                _folder["n.csv"]).Output, StringComparison.Ordinal);
        Assert.Equal(21, File.ReadAllLines(_folder["n.csv"]).Length);
        Assert.Contains(
            "| gaussian:25 | sigma | all | 1 |", File.ReadAllText(_folder["n.md"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Estimate_prints_the_noise_and_is_used_by_the_methods()
    {
        Assert.Equal(
            0, KlarProgram.Run("noise", _folder["clean.png"], "--add", "gaussian:25", "-o", _folder["noisy.png"]).Code);
        JsonElement document =
            JsonDocument.Parse(KlarProgram.Run("estimate", _folder["noisy.png"], "--json").Output).RootElement;
        Assert.Equal(
            [
                "sigma255", "gain", "readNoise", "offset", "clippedBlack", "clippedWhite", "lag1", "model",
                "confidence",
                "hotPixels", "advice", "masked", "darkEnd", "brightEnd", "jpegGrid", "badColumns",
                "rows", "columns", "drift", "acrossT", "acrossZ",
            ],
            document.EnumerateObject().Select(static property => property.Name));
        Assert.InRange(document.GetProperty("sigma255").GetDouble(), 20, 30);
        Assert.StartsWith(
            "The noise is", KlarProgram.Run("estimate", _folder["noisy.png"]).Output, StringComparison.Ordinal);
        KlarProgram.Run("estimate", _folder["missing.png"]).IsOneLine(1, "missing.png");

        Assert.Equal(0, KlarProgram.Run("denoise", _folder["noisy.png"], "-m", "bm3d", "-o", _folder["a.png"]).Code);
        Assert.Equal(0, KlarProgram.Run(
            "denoise", _folder["noisy.png"], "-m", "bm3d", "--noise-model", "none", "--declip", "off", "-o",
            _folder["b.png"]).Code);
        Assert.True(Psnr(_folder["clean.png"], _folder["a.png"]) > Psnr(_folder["clean.png"], _folder["b.png"]));

        // A given level is taken bare, too: it is the method's own option.
        string[] bare = ["denoise", _folder["noisy.png"], "-m", "bm3d", "--noise-model", "none", "--declip", "off"];
        Assert.Equal(0, KlarProgram.Run([.. bare, "--sigma", "60", "-o", _folder["c.png"]]).Code);
        Assert.Equal(0, KlarProgram.Run([.. bare, "--set", "bm3d.sigma=60", "-o", _folder["d.png"]]).Code);
        Assert.Equal(0, KlarProgram.Run([.. bare, "--sigma", "60gl", "-o", _folder["e.png"]]).Code);
        // 8 bits: 255 grey levels
        Assert.Equal(File.ReadAllBytes(_folder["c.png"]), File.ReadAllBytes(_folder["e.png"]));
        Assert.NotEqual(File.ReadAllBytes(_folder["b.png"]), File.ReadAllBytes(_folder["c.png"]));
        Assert.Equal(File.ReadAllBytes(_folder["c.png"]), File.ReadAllBytes(_folder["d.png"]));
        KlarProgram.Run("denoise", _folder["noisy.png"], "-m", "bm3d", "--declip", "maybe").IsOneLine(2, "--declip");
        KlarProgram.Run("denoise", _folder["noisy.png"], "-m", "bm3d", "--noise-model", "pink").IsOneLine(
            2, "--noise-model");
    }

    [Fact]
    public void Channels_can_be_taken_one_by_one()
    {
        IEnumerable<Plane> planes =
            Enumerable.Range(0, 3).Select(static seed => DemoPicture.Create(32, (ulong)seed).Planes[0]);
        ImageFile.Write(_folder["rgb.png"], new Image([.. planes]), SampleType.UInt8);
        Assert.Equal(0, KlarProgram.Run(
            "denoise", _folder["rgb.png"], "-m", "bm3d", "--sigma", "10", "--channels", "separate", "-o",
            _folder["a.png"]).Code);
        Assert.Equal(
            0,
            KlarProgram.Run("denoise", _folder["rgb.png"], "-m", "bm3d", "--sigma", "10", "-o", _folder["b.png"]).Code);
        Assert.NotEqual(File.ReadAllBytes(_folder["a.png"]), File.ReadAllBytes(_folder["b.png"]));
        KlarProgram.Run("denoise", _folder["rgb.png"], "--channels", "some").IsOneLine(2, "--channels");
    }

    [Fact]
    public void Compare_writes_the_table_in_four_formats_and_refuses_to_replace_it()
    {
        string[] arguments =
        [
            "compare", _folder["clean.png"], "--noise", "gaussian:25", "--methods", "median", "-o", _folder["out"]
        ];
        Assert.Equal(0, KlarProgram.Run(arguments).Code);
        Assert.All(
            (string[])["table.csv", "table.json", "table.md", "table.tex", "report.html", "clean_gaussian-25.png"],
            name => Assert.True(File.Exists(Path.Combine(_folder["out"], name))));
        Assert.Equal(5, KlarProgram.Run(arguments).Code);
        Assert.Equal(0, KlarProgram.Run([.. arguments, "--overwrite"]).Code);
    }

    [Fact]
    public void Noise_then_denoise_then_metrics()
    {
        Assert.Equal(0, KlarProgram.Run(
            "noise", _folder["clean.png"], "--add", "gaussian:25", "-o", _folder["noisy.png"], "--seed", "3").Code);
        Assert.Equal(
            0, KlarProgram.Run("denoise", _folder["noisy.png"], "-m", "median", "--set", "median.size=5").Code);
        double before = Psnr("noisy.png"), after = Psnr("noisy_denoised.png");
        Assert.True(after > before + 1, $"{before} -> {after}");

        JsonElement sidecar = JsonDocument.Parse(File.ReadAllText(_folder["noisy_denoised.png.json"])).RootElement;
        Assert.Equal("median", sidecar.GetProperty("method").GetString());
        Assert.Equal("5", sidecar.GetProperty("settings").GetProperty("size").GetString());
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(_folder["noisy.png"]))),
            sidecar.GetProperty("inputSha256").GetString());
    }

    [Fact]
    public void Unclipped_noise_needs_a_float_tiff()
    {
        KlarProgram
            .Run("noise", _folder["clean.png"], "--add", "gaussian:50", "--no-clip", "-o", _folder["x.png"])
            .IsOneLine(2, "--no-clip", ".tif");
        Assert.Equal(0, KlarProgram.Run(
            "noise", _folder["clean.png"], "--add", "gaussian:50", "--no-clip", "-o", _folder["x.tif"]).Code);
        LoadedImage noisy = ImageFile.Read(_folder["x.tif"]);
        Assert.Equal(SampleType.Float32, noisy.Info.SampleType);
        Assert.True(noisy.Image.Scale.Black < 0);
    }

    [Theory]
    [InlineData(2, "denoise", "clean.png", "-m", "magic")]
    [InlineData(2, "denoise", "clean.png", "--sigma", "-3")]
    [InlineData(2, "denoise", "clean.png", "--sigma", "abc")]
    [InlineData(2, "denoise", "clean.png", "--sigma", "gl")]
    [InlineData(2, "denoise", "clean.png", "-m", "klar", "--effort", "utmost")]
    [InlineData(2, "bench", "noise", "--seeds", "0")]
    [InlineData(1, "bench", "noise", "--sets", "nowhere")]
    [InlineData(2, "denoise", "clean.png", "--set", "median.size=4", "-m", "median")]
    [InlineData(2, "denoise", "clean.png", "--set", "median.width=4", "-m", "median")]
    [InlineData(2, "denoise", "clean.png", "--set", "nonsense", "-m", "median")]
    [InlineData(2, "denoise", "clean.png", "--threads", "0", "-m", "median")]
    [InlineData(2, "denoise")]
    [InlineData(2, "frobnicate")]
    [InlineData(2, "compare", "clean.png", "--noise", "gaussian:abc", "--methods", "median")]
    [InlineData(2, "compare", "clean.png", "--methods", "median", "-o", "out")]
    [InlineData(2, "denoise", "clean.png", "-m", "klar", "--warm-start", "perhaps")]
    [InlineData(2, "compare", "clean.png", "--noise", "gaussian:25", "--methods", "median", "--crop", "0")]
    [InlineData(1, "compare", "clean.png", "--noise", "gaussian:25", "--methods", "median", "--crop", "65")]
    [InlineData(1, "denoise", "missing.png", "-m", "median")]
    [InlineData(1, "denoise", "empty.png", "-m", "median")]
    [InlineData(1, "denoise", "cut.png", "-m", "median")]
    [InlineData(1, "denoise", "text.tif", "-m", "median")]
    [InlineData(4, "denoise", "folder", "-m", "median")]
    [InlineData(4, "denoise", "*.jpeg", "-m", "median")]
    [InlineData(5, "denoise", "clean.png", "-m", "median", "-o", "taken.png")]
    [InlineData(1, "denoise", "clean.png", "-m", "median", "-o", "taken.png/inside.png")]
    [InlineData(1, "denoise", "clean.png", "-m", "median", "-o", "/proc/out.png")]
    [InlineData(1, "info", "missing.png")]
    [InlineData(1, "metrics", "clean.png", "missing.png")]
    [InlineData(1, "metrics", "clean.png", "small.png")]
    [InlineData(2, "metrics", "clean.png", "clean.png", "--range", "-1")]
    [InlineData(2, "methods", "magic")]
    public void A_failure_is_one_line_and_the_right_exit_code(int code, params string[] arguments)
    {
        File.WriteAllText(_folder["empty.png"], string.Empty);
        File.WriteAllText(_folder["taken.png"], "taken");
        File.WriteAllText(_folder["text.tif"], "this is text");
        File.WriteAllBytes(_folder["cut.png"], File.ReadAllBytes(_folder["clean.png"])[..300]);
        Directory.CreateDirectory(_folder["folder"]);
        ImageFile.Write(_folder["small.png"], DemoPicture.Create(16), SampleType.UInt8);
        string[] located = [.. arguments.Select((argument, i) => i > 0
            && (argument.Contains('.', StringComparison.Ordinal) || argument == "folder")
            && !argument.Contains('=', StringComparison.Ordinal)
            && argument[0] != '/'
            && argument[0] != '-'
            ? _folder[argument] : argument)];

        KlarProgram.Run(located).IsOneLine(code);
        Assert.Equal("taken", File.ReadAllText(_folder["taken.png"]));
        Assert.Empty(Directory.GetFiles(_folder.Path, ".klar-*"));
    }

    [Fact]
    public void One_bad_file_does_not_stop_the_others()
    {
        File.WriteAllText(_folder["bad.png"], "no picture");
        KlarProgram.Result result =
            KlarProgram.Run("denoise", _folder.Path, "-m", "median", "-o", _folder["out"], "--json");
        Assert.Equal(3, result.Code);
        JsonElement[] files = [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("files").EnumerateArray()];
        Assert.Equal(2, files.Length);
        Assert.NotNull(files[0].GetProperty("error").GetString());
        Assert.Null(files[1].GetProperty("error").GetString());
        Assert.True(File.Exists(Path.Combine(_folder["out"], "clean_denoised.png")));
    }

    [Theory]
    [InlineData("-INT", 130)]
    [InlineData("-TERM", 143)]
    [InlineData("-KILL", 137)]
    public void A_signal_leaves_no_output_or_a_complete_one(string signal, int code)
    {
        using Process process = KlarProgram.Start(
            "denoise", _folder["clean.png"], "-m", "zs-n2n", "--set", "zs-n2n.steps=1000000", "-o", _folder["out.png"],
            "--attached");
        KlarProgram.WaitForProgress(process);
        Assert.False(process.HasExited);
        using (var kill = Process.Start("kill", [signal, process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        KlarProgram.Result result = KlarProgram.Wait(process);
        Assert.Equal(code, result.Code);

        // Nothing can be tidied up at a kill: the lock stays, and holds nobody up.
        string[] left = signal == "-KILL" ? ["clean.png", "out.png.klar-lock"] : ["clean.png"];
        Assert.Equal(left, Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(
            0, KlarProgram.Run("denoise", _folder["clean.png"], "-m", "median", "-o", _folder["out.png"]).Code);
        Assert.Empty(Directory.GetFiles(_folder.Path, "*.klar-lock"));
    }

    [Fact]
    [Trait("Category", Long.Category)] // a machine's speed decides
    public void Ctrl_C_ends_a_training_at_once()
    {
        using Process process = KlarProgram.Start(
            "denoise", _folder["clean.png"], "-m", "zs-n2n", "--set", "zs-n2n.steps=1000000", "-o", _folder["out.png"],
                "--attached");
        KlarProgram.WaitForProgress(process);
        var watch = Stopwatch.StartNew();
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        Assert.Equal(130, KlarProgram.Wait(process).Code);
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
    }

    [Fact]
    public void The_same_command_writes_the_same_bytes_on_any_number_of_threads()
    {
        foreach (string threads in (string[])["1", "2", "5"])
        {
            KlarProgram.Run(
                "denoise", _folder["clean.png"], "-m", "zs-n2n", "--set", "zs-n2n.steps=20", "-o",
                _folder[$"{threads}.png"], "--threads", threads);
        }

        Assert.Equal(File.ReadAllBytes(_folder["1.png"]), File.ReadAllBytes(_folder["2.png"]));
        Assert.Equal(File.ReadAllBytes(_folder["1.png"]), File.ReadAllBytes(_folder["5.png"]));
    }

    [Fact]
    public void Info_says_what_a_file_holds()
    {
        Assert.Equal("Y=64 X=64 uint8 (png)\n", KlarProgram.Run("info", _folder["clean.png"]).Output);
        Assert.Equal(64, JsonDocument.Parse(KlarProgram.Run("info", _folder["clean.png"], "--json").Output).RootElement
            .GetProperty("width")
            .GetInt32());
    }

    [Fact]
    public void Methods_lists_all_and_one_with_its_options()
    {
        string all = KlarProgram.Run("methods").Output;
        Assert.All(
            Klar.Catalogue.MethodCatalogue.All, method => Assert.Contains(method.Name, all, StringComparison.Ordinal));
        Assert.Contains("noise2noise", all, StringComparison.Ordinal);
        string one = KlarProgram.Run("methods", "zs-n2n").Output;
        Assert.Contains("CVPR 2023", one, StringComparison.Ordinal);
        Assert.Contains("zs-n2n.steps", one, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", Long.Category)]
    public void The_demo_runs_every_method_says_what_it_cut_and_names_the_full_study()
    {
        KlarProgram.Result result = KlarProgram.Run("demo", "-o", _folder["look"], "--seed", "3", "--json");
        Assert.Equal(0, result.Code);
        JsonElement[] rows = [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("rows").EnumerateArray()];
        string[] methods = ["noisy", .. MethodCatalogue.Comparable.Select(static method => method.Name)];
        Assert.Equal([.. methods, .. methods, .. methods],
            rows.Select(static row => row.GetProperty("method").GetString()!));
        foreach (JsonElement[] one in rows.Chunk(methods.Length))
        {
            Assert.All(one[1..], row =>
                Assert.True(row.GetProperty("psnr").GetDouble() > one[0].GetProperty("psnr").GetDouble() + 1,
                $"{row}"));
        }

        Assert.Contains("zs-n2n trains 100 steps", result.Error, StringComparison.Ordinal);
        Assert.Contains($"klar compare {_folder["look/clean.png"]} --noise", result.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["look/report.html"]));
    }

    /// <summary>Long: half a minute; <c>klar demo</c> writes the file, <c>klar bench numbers</c> the page.</summary>
    [Fact]
    [Trait("Category", Long.Category)]
    public void The_demo_gives_the_numbers_of_the_documents()
    {
        KlarProgram.Run("demo", "-o", _folder["demo"]);
        static IEnumerable<string> Judged(string file) =>
            File.ReadLines(file).Select(static line => string.Join(',', line.Split(',').Take(5)));
        Assert.Equal(
            Judged(Path.Combine(Repository.Folder, "benchmarks", "demo.csv")), Judged(_folder["demo/table.csv"]));
    }

    [Theory]
    [InlineData("demo")]
    [InlineData("train")]
    [InlineData("denoise")]
    [InlineData("compare")]
    [InlineData("noise")]
    [InlineData("metrics")]
    [InlineData("info")]
    [InlineData("methods")]
    [InlineData("doctor")]
    [InlineData("bench")]
    [InlineData("completion")]
    public void Help_teaches_with_examples(string command)
    {
        KlarProgram.Result result = KlarProgram.Run(command, "--help");
        Assert.Equal((0, string.Empty), (result.Code, result.Error));
        Assert.Contains($"klar {command}", result.Output, StringComparison.Ordinal);
        Assert.Contains("Examples:\n", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_says_what_there_is()
    {
        JsonElement document = JsonDocument.Parse(KlarProgram.Run("doctor", "--json").Output).RootElement;
        Assert.StartsWith("8.", document.GetProperty("libvips").GetString(), StringComparison.Ordinal);
        Assert.Empty(document.GetProperty("missing").EnumerateArray());
        Assert.Contains("Nothing is missing.", KlarProgram.Run("doctor").Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_train_measures_a_step_and_the_peak()
    {
        JsonElement document = JsonDocument.Parse(KlarProgram.Run(
            "bench", "train", "--size", "64", "--steps", "3", "--threads", "2", "--json").Output).RootElement;
        Assert.Equal(
            ["msPerStep", "gflopPerStep", "effectiveGflops", "peakGflops", "threads"],
            document.EnumerateObject().Select(static property => property.Name));

        // 1.5 pictures' pixels, twice the multiplications: conv 9·48 twice, conv 9·48·48 and conv 48 three times.
        double work = 1.5 * 64 * 64 * 2 * ((2 * 9 * 48) + (3 * 9 * 48 * 48) + (3 * 48)) / 1e9;
        Assert.Equal(work, document.GetProperty("gflopPerStep").GetDouble(), 1e-9);
        double ms = document.GetProperty("msPerStep").GetDouble();
        Assert.Equal(work / ms * 1e3, document.GetProperty("effectiveGflops").GetDouble(), 1e-6);
        Assert.True(document.GetProperty("peakGflops").GetDouble() > 1);
        KlarProgram.Run("bench", "train", "--size", "2").IsOneLine(2, "--size");
        KlarProgram.Run("bench", "train", "--method", "noise2noise", "--size", "100").IsOneLine(2, "--size 100");
        JsonElement model = JsonDocument.Parse(KlarProgram.Run(
            "bench", "train", "--method", "noise2noise", "--size", "64", "--batch", "1", "--steps", "1",
            "--json").Output).RootElement;
        Assert.True(model.GetProperty("msPerStep").GetDouble() > 0);
    }

    [Theory]
    [InlineData("klar deno", "denoise")]
    [InlineData("klar denoise x.tif -m ", "zs-n2n")]
    [InlineData("klar methods ", "bilateral")]
    [InlineData("klar denoise --hot", "--hot-pixels")]
    public void Words_are_completed(string line, string word) =>
        Assert.Contains(
            word,
            KlarProgram.Run("complete", line.Length.ToString(CultureInfo.InvariantCulture), line).Output.Split('\n'));

    [Theory]
    [InlineData("bash", "-n")]
    [InlineData("zsh", null)]
    [InlineData("pwsh", null)]
    public void Completion_scripts_are_printed_and_bash_accepts_its_own(string shell, string? check)
    {
        string script = KlarProgram.Run("completion", shell).Output;
        Assert.Contains("klar", script, StringComparison.Ordinal);
        if (check is not null)
        {
            File.WriteAllText(_folder["script"], script);
            using var process = Process.Start("bash", [check, _folder["script"]]);
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
    }

    [Fact]
    public void Strength_and_hot_pixels_reach_the_sidecar()
    {
        KlarProgram.Run(
            "denoise", _folder["clean.png"], "-m", "mean", "--strength", "0.5", "--hot-pixels", "auto", "-o",
            _folder["out.png"]);
        JsonElement settings =
            JsonDocument.Parse(File.ReadAllText(_folder["out.png.json"])).RootElement.GetProperty("settings");
        Assert.Equal("0.5", settings.GetProperty("strength").GetString());
        Assert.StartsWith("auto", settings.GetProperty("hot-pixels").GetString(), StringComparison.Ordinal);
        KlarProgram.Run("denoise", _folder["clean.png"], "-m", "mean", "--strength", "1.5").IsOneLine(2, "--strength");
        KlarProgram.Run("denoise", _folder["clean.png"], "-m", "mean", "--hot-pixels", "yes").IsOneLine(
            2, "--hot-pixels");
    }

    [Fact]
    public void By_default_klar_decides_and_says_why_and_what_it_took_out_can_be_seen()
    {
        Assert.Equal(
            0, KlarProgram.Run("noise", _folder["clean.png"], "--add", "gaussian:25", "-o", _folder["noisy.png"]).Code);
        KlarProgram.Result result = KlarProgram.Run(
            "denoise", _folder["noisy.png"], "--effort", "fast", "--set", "auto.steps=20", "--residual",
            "--uncertainty", "--report", "-o", _folder["out.png"]);
        Assert.Equal(0, result.Code);
        string report = File.ReadAllText(_folder["out_report.html"]);
        Assert.Contains("<h1>noisy.png</h1>", report, StringComparison.Ordinal);
        Assert.Contains("--uncertainty --report", report, StringComparison.Ordinal);
        JsonElement sidecar = JsonDocument.Parse(File.ReadAllText(_folder["out.png.json"])).RootElement;
        Assert.Equal("auto", sidecar.GetProperty("method").GetString());
        Assert.Contains(
            "klar", sidecar.GetProperty("settings").GetProperty("why").GetString(), StringComparison.Ordinal);
        Assert.InRange(sidecar.GetProperty("trust").GetProperty("removed").GetDouble(), 0.5, 1.2);

        // Result + residual = input, in grey levels; what the file's type rounds is less than one.
        LoadedImage noisy = ImageFile.Read(_folder["noisy.png"]), output = ImageFile.Read(_folder["out.png"]),
            residual = ImageFile.Read(_folder["out_residual.tif"]);
        Assert.Equal(SampleType.Float32, residual.Info.SampleType);
        for (int i = 0; i < noisy.Image.Planes[0].Samples.Length; i++)
        {
            double grey =
                residual.Image.Scale.Black + (residual.Image.Planes[0].Samples[i] * residual.Image.Scale.Range);
            double expected = 255 * (noisy.Image.Planes[0].Samples[i] - output.Image.Planes[0].Samples[i]);
            Assert.True(
                Math.Abs(grey - expected) <= 0.51 || output.Image.Planes[0].Samples[i] is 0 or 1,
                $"{grey} against {expected}");
        }

        Assert.True(ImageFile.Read(_folder["out_uncertainty.tif"]).Image.Scale.Black > 0);
        KlarProgram.Run("denoise", _folder["noisy.png"], "-m", "median", "--residual", "-o", _folder["out2.png"]);
        File.Delete(_folder["out2.png"]);
        Assert.Equal(5, KlarProgram.Run(
            "denoise", _folder["noisy.png"], "-m", "median", "--residual", "-o", _folder["out2.png"]).Code);
    }

    [Fact]
    public void By_default_a_page_of_text_comes_back_as_it_was()
    {
        float[] page = [.. Enumerable.Range(0, 160 * 120).Select(
            static i => i / 160 % 12 < 8 && (i % 160 * 7 / 3 % 5) + (i / 160 % 4) < 3 ? 0f : 1f)];
        ImageFile.Write(_folder["page.png"], new Image(Plane.From(160, 120, page)), SampleType.UInt8);
        Assert.Equal(0, KlarProgram.Run("denoise", _folder["page.png"]).Code);
        Assert.Equal(
            ImageFile.Read(_folder["page.png"]).Image.Planes[0].Samples.ToArray(),
            ImageFile.Read(_folder["page_denoised.png"]).Image.Planes[0].Samples.ToArray());
    }

    [Fact]
    public void Without_ground_truth_methods_are_ranked()
    {
        Assert.Equal(
            0, KlarProgram.Run("noise", _folder["clean.png"], "--add", "gaussian:25", "-o", _folder["noisy.png"]).Code);
        KlarProgram.Result result =
            KlarProgram.Run("compare", _folder["noisy.png"], "--methods", "gaussian,bm3d", "--json");
        JsonElement[] rows = [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(["noisy", "gaussian", "bm3d"], rows.Select(static row => row.GetProperty("method").GetString()));
        Assert.All(rows, static row => Assert.Equal(JsonValueKind.Null, row.GetProperty("psnr").ValueKind));
        double[] expected = [.. rows.Select(static row => row.GetProperty("estimatedPsnr").GetDouble())];
        Assert.True(expected[2] > expected[0] && expected[1] > expected[0], string.Join(" ", expected));
        Assert.Contains(
            "Kendall", KlarProgram.Run("compare", _folder["noisy.png"], "--methods", "gaussian,median").Error,
            StringComparison.Ordinal);
    }

    [RootFact]
    public void A_full_disk_is_one_line_and_leaves_nothing_half_written()
    {
        string disk = _folder["disk"];
        Directory.CreateDirectory(disk);
        Shell("mount", "-t", "tmpfs", "-o", "size=32k", "klar-test", disk);
        try
        {
            ImageFile.Write(_folder["large.tif"], DemoPicture.Create(256), SampleType.UInt16);
            KlarProgram
                .Run("denoise", _folder["large.tif"], "-m", "median", "-o", Path.Combine(disk, "out.tif"))
                .IsOneLine(1, "large.tif", "No space left");
            Assert.Empty(Directory.GetFileSystemEntries(disk));
        }
        finally
        {
            Shell("umount", disk);
        }
    }

    [SharedTheory]
    [InlineData("pairs/fmd/Confocal_BPAE_B_1", ".png")]
    [InlineData("pairs/bacteria/bacteria16", ".png")]
    [InlineData("pairs/nucleus/nucleus16", ".tif")]
    public void Real_pairs_get_better_in_their_own_sample_type(string name, string extension)
    {
        // The partner of nucleus16 has another exposure: it is compared after the best affine fit.
        string noisy = SharedData.PathOf($"{name}.noisy{extension}"),
            clean = SharedData.PathOf($"{name}.clean{extension}");
        Assert.Equal(0, KlarProgram.Run("denoise", noisy, "-m", "bm3d", "-o", _folder["out" + extension]).Code);
        Assert.Equal(ImageFile.Info(noisy).SampleType, ImageFile.Info(_folder["out" + extension]).SampleType);
        Assert.True(AffinePsnr(clean, _folder["out" + extension]) > AffinePsnr(clean, noisy) + 2);
    }

    [SharedTheory]
    [InlineData("pairs/fmd/TwoPhoton_BPAE_G_1", ".png")]
    [InlineData("pairs/fmd/WideField_BPAE_G_1", ".png")]
    [InlineData("pairs/w2s/081_1", ".tif")]
    public void What_klar_chooses_is_better_than_the_input_and_than_a_blur(string name, string extension)
    {
        string noisy = SharedData.PathOf($"{name}.noisy{extension}"),
            clean = SharedData.PathOf($"{name}.clean{extension}");
        Assert.Equal(0, KlarProgram.Run("denoise", noisy, "--effort", "fast", "-o", _folder["out" + extension]).Code);
        Assert.Equal(0, KlarProgram.Run("denoise", noisy, "-m", "gaussian", "-o", _folder["blurred" + extension]).Code);
        double[] psnr = [.. ((string[])[noisy, _folder["blurred" + extension], _folder["out" + extension]]).Select(
            test => Number(KlarProgram.Run("metrics", clean, test, "--json")))];
        Assert.True(psnr[2] > psnr[0] && psnr[2] > psnr[1], string.Join(" ", psnr));

        static double Number(KlarProgram.Result result) =>
            JsonDocument.Parse(result.Output).RootElement.GetProperty("psnr").GetDouble();
    }

    [SharedFact]
    public void The_study_on_a_real_image_gives_the_known_numbers()
    {
        KlarProgram.Result result = KlarProgram.Run(
            "compare", SharedData.PathOf("clean/AS_09125_050116030001_D03f00d0.tif"), "--crop", "256", "--seed", "42",
            "--noise", "gaussian:25,poisson:25,uniform:0.2", "--methods", "median,wiener", "--json");
        double[] psnr = [.. JsonDocument.Parse(result.Output).RootElement.GetProperty("rows").EnumerateArray().Select(
            static row => row.GetProperty("psnr").GetDouble())];

        // A NumPy run with another generator: 0.15 dB for the noise, 0.3 dB for the filters.
        double[] expected = [22.29, 28.66, 27.81, 26.07, 31.50, 30.45, 26.25, 30.65, 33.02];
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], psnr[i], i % 3 == 0 ? 0.15 : 0.3);
        }
    }

    private static void Shell(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private double Psnr(string name) => Psnr(_folder["clean.png"], _folder[name]);

    private static double AffinePsnr(string reference, string test) =>
        JsonDocument.Parse(KlarProgram.Run("metrics", reference, test, "--affine", "--json").Output).RootElement
            .GetProperty("psnr")
            .GetDouble();

    private static double Psnr(string reference, string test) =>
        JsonDocument.Parse(KlarProgram.Run("metrics", reference, test, "--json").Output).RootElement
            .GetProperty("psnr")
            .GetDouble();
}
