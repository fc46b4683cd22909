using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Klar.Formats;
using Klar.Noise;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>
/// What shells, schedulers and hurried people do to a program: signals, closed streams, pipes, numbers of other
/// countries, options that contradict each other.
/// </summary>
public sealed class OddUseTests : IDisposable
{
    private const int Patience = 60_000;
    private readonly TemporaryFolder _folder = new();

    public OddUseTests()
    {
        Image noisy = new GaussianNoise(20).AddTo(DemoPicture.Create(64), clip: true, new RunSettings());
        Directory.CreateDirectory(_folder["in"]);
        ImageFile.Write(_folder["in/a.png"], noisy, SampleType.UInt8);
        ImageFile.Write(_folder["in/b.png"], noisy, SampleType.UInt8);
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("2>&-")]
    [InlineData("2>/dev/full")]
    public void Messages_that_cannot_be_delivered_change_nothing(string stream)
    {
        Assert.Equal((0, "made 2\n"), Shell($"$KLAR batch in -o out -m median {stream}"));
        Assert.Equal(2, Directory.GetFiles(_folder["out"], "*_denoised.png").Length);
        Assert.Equal((1, string.Empty), Shell($"$KLAR denoise nowhere.tif -m median {stream}"));
        Assert.Equal(0, Shell($"$KLAR train neighbor2neighbor in/a.png --steps 1 -o n.safetensors {stream}").Code);
        Assert.Equal(
            0, Shell($"$KLAR compare in/a.png --noise gaussian:25 --methods median -o compared {stream}").Code);
    }

    [Fact]
    public void A_closed_standard_output_changes_nothing_and_a_full_one_is_a_line()
    {
        // Nobody listens, or listened to the beginning only: what was to be made is made.
        string[] commands =
        [
            "batch in -o out -m median --overwrite", "batch in -o out -m median --overwrite --json",
            "denoise in/a.png -m median -o x.png --overwrite --json", "metrics in/a.png in/b.png",
        ];
        foreach (string command in commands)
        {
            Assert.Equal(
                (0, string.Empty),
                Shell($"$KLAR {command} 2>&1 >&- | grep -v -e '->' -e warning; exit ${{PIPESTATUS[0]}}"));
            Assert.Equal(
                (0, string.Empty), Shell($"$KLAR {command} -q 2>&1 >/dev/null | exec true; exit ${{PIPESTATUS[0]}}"));
            Assert.Equal(0, Shell($"$KLAR {command} -q | true; exit ${{PIPESTATUS[0]}}").Code);

            // Somebody wanted it on a disk that is full.
            (int code, string said) = Shell($"rm -rf out x.png*; $KLAR {command} -q 2>&1 >/dev/full");
            Assert.Equal((1, "klar: standard output cannot be written: No space left on device\n"), (code, said));
            Assert.True(command.StartsWith("metrics", StringComparison.Ordinal)
                || File.Exists(_folder[command[0] == 'b' ? "out/b_denoised.png" : "x.png"]));
        }

        // A picture is no message.
        Assert.Equal(
            (1, "klar: in/a.png: standard output cannot be written: it is closed\n"),
            Shell("$KLAR denoise in/a.png -m median -o - -q 2>&1 >&-"));
        Assert.Equal(
            (1, "klar: standard output cannot be written: it is closed\n"), Shell("$KLAR page in/a.png 2>&1 >&-"));
        Assert.Equal(0, Shell("$KLAR denoise in/a.png -m median -o - -q | true; exit ${PIPESTATUS[0]}").Code);
    }

    [RootFact]
    public void What_comes_without_end_on_standard_input_ends_in_a_line_before_the_disk_is_full()
    {
        (int code, string said) = Shell("$KLAR denoise - -m median -o x.png </dev/zero 2>&1");
        Assert.Equal((1, "klar: -: what comes in on standard input is no image: it begins with zeros\n"), (code, said));
        (code, said) = Shell(
            "mkdir small && mount -t tmpfs -o size=40m klar-test small && { (cat in/a.png; cat /dev/zero) "
            + "| TMPDIR=$PWD/small $KLAR denoise - -m median -o x.png 2>&1; ls -A small; umount small; }");
        Assert.Equal(0, code);
        Assert.Matches(
            "^klar: -: more comes in on standard input than there is room for in .*small/ \\(TMPDIR\\): "
            + "3[56] MB were read\n$",
            said);
        Assert.False(File.Exists(_folder["x.png"]));
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("HUP", 143)]
    [InlineData("TERM", 143)]
    public void A_stopped_batch_sums_up_writes_its_report_and_holds_no_lock(string signal, int code)
    {
        using Process process = KlarProgram.Start(
            "batch", _folder["in"], "-o", _folder["out"], "-m", "zs-n2n", "--set", "zs-n2n.steps=1000000", "--json");
        var watch = Stopwatch.StartNew();
        while (!process.HasExited
            && watch.ElapsedMilliseconds < Patience
            && !File.Exists(_folder["out/a_denoised.png.klar-lock"]))
        {
            Thread.Sleep(20);
        }

        using (Process kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        KlarProgram.Result result = KlarProgram.Wait(process);
        Assert.Equal(code, result.Code);
        JsonElement files = JsonDocument.Parse(result.Output).RootElement.GetProperty("files");
        Assert.Equal(
            ["stopped", "stopped"],
            files.EnumerateArray().Select(static file => file.GetProperty("status").GetString()));
        Assert.Equal(
            ["klar-batch.csv", "klar-batch.json"],
            Directory.GetFiles(_folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Nohup_is_respected()
    {
        const string Line = "trap '' HUP; $KLAR denoise in/a.png -m zs-n2n --set zs-n2n.steps=300 -o x.png & "
            + "while [ ! -e x.png.klar-lock ] && kill -0 $!; do sleep 0.02; done; kill -HUP $!; wait $!";
        Assert.Equal(0, Shell(Line).Code);
        Assert.True(File.Exists(_folder["x.png"]));
    }

    [Fact]
    public void Waiting_for_standard_input_can_be_stopped()
    {
        using Process process = KlarProgram.Start("denoise", "-", "-m", "median", "-o", _folder["x.png"]);
        process.StandardInput.BaseStream.Write(new byte[10]);
        process.StandardInput.BaseStream.Flush();
        string temporary = Path.GetTempPath();
        while (!Directory.EnumerateDirectories(temporary, $".klar-*{process.Id:x8}*-streams").Any()
            && !process.HasExited)
        {
            Thread.Sleep(20);
        }

        using (Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        Assert.Equal(143, KlarProgram.Wait(process).Code);
        Assert.Empty(Directory.EnumerateDirectories(temporary, $".klar-*{process.Id:x8}*-streams"));
    }

    [Fact]
    public void Too_small_an_address_space_is_a_line()
    {
        (int code, string said) = Shell("ulimit -v 1900000; $KLAR denoise in/a.png -m median -o x.png 2>&1");
        Assert.Equal(1, code);
        Assert.StartsWith("klar: the address space is limited to 1.8 GB (ulimit -v)", said, StringComparison.Ordinal);
        Assert.Single(said.TrimEnd('\n').Split('\n'));
        (code, said) = Shell("ulimit -v 8000000; $KLAR denoise in/a.png -m median -o x.png -q 2>&1");
        Assert.True(code == 0, said);
    }

    [Fact]
    public void A_picture_comes_from_standard_input_and_goes_to_standard_output()
    {
        const string Line = "$KLAR denoise in/a.png -m median -o file.png "
            + "&& cat in/a.png | $KLAR denoise - -m median -o - > piped.png "
            + "&& $KLAR denoise - -m median -o named.png < in/a.png";
        Assert.Equal(0, Shell(Line).Code);
        Assert.Equal(File.ReadAllBytes(_folder["file.png"]), File.ReadAllBytes(_folder["piped.png"]));
        Assert.Equal(File.ReadAllBytes(_folder["file.png"]), File.ReadAllBytes(_folder["named.png"]));
        JsonElement sidecar = JsonDocument.Parse(File.ReadAllText(_folder["named.png.json"])).RootElement;
        Assert.Equal("-", sidecar.GetProperty("input").GetString());
        Assert.Equal(
            (1, "klar: -: nothing came in on standard input\n"),
            Shell("$KLAR denoise - -m median -o - </dev/null 2>&1"));
        Klar("denoise", "-", "-m", "median").IsOneLine(2, "standard input");
        Klar("denoise", _folder["in/a.png"], "-m", "median", "-o", "-", "--json").IsOneLine(2, "-o -");
    }

    [Fact]
    public void Pipes_devices_and_locked_files()
    {
        (int code, string said) = Shell(
            "mkfifo pipe.tif; $KLAR info pipe.tif 2>&1; $KLAR denoise /dev/zero -m median -o x.tif 2>&1; "
            + "flock in/a.png $KLAR denoise in/a.png -m median -o locked.png 2>&1");
        Assert.Equal(0, code);
        Assert.StartsWith("klar: pipe.tif: it is a pipe or a device", said, StringComparison.Ordinal);
        Assert.Contains("klar: /dev/zero: it is a pipe or a device", said, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["locked.png"]), said);
    }

    [Theory]
    [InlineData("denoise", "--strength", "0,1", "write 0.1, with a point")]
    [InlineData("denoise", "--strength", "1e999", "it takes a number")]
    [InlineData("denoise", "--sigma", "12,5", "--sigma 12,5")]
    [InlineData("denoise", "--sigma", "1e-30", "noise is from")]
    [InlineData("denoise", "--sigma", "1e30", "noise is from")]
    [InlineData("denoise", "--set", "bm3d.sigma=1e30", "noise is from")]
    [InlineData("denoise", "--set", "bm3d.sigma=2,5", "2,5")]
    [InlineData("denoise", "--axes", "T99999999999YX", "no size of an axis")]
    [InlineData("denoise", "--axes", "T0YX", "no size of an axis")]
    [InlineData("denoise", "--axes", "YXT", "YX behind them")]
    [InlineData("denoise", "--axes", "TXY", "at the end")]
    [InlineData("denoise", "--seed", "1,000", "whole number")]
    [InlineData("denoise", "--max-memory", "", "--max-memory ''")]
    [InlineData("metrics", "--range", "0,5", "write 0.5, with a point")]
    public void Numbers_are_read_strictly(string command, string option, string value, string said)
    {
        string[] files = command == "metrics"
            ? [_folder["in/a.png"], _folder["in/b.png"]]
            : [_folder["in/a.png"], "-m", "bm3d", "-o", _folder["x.png"]];
        KlarProgram.Result result = Klar([command, .. files, option, value]);
        result.IsOneLine(2, said);
        Assert.False(File.Exists(_folder["x.png"]));
    }

    [Fact]
    public void Every_option_that_takes_a_number_refuses_a_decimal_comma()
    {
        Command root = Program.Root(CancellationToken.None);
        StrictNumber.Apply(root);
        static bool IsNumber(Type type) =>
            typeof(IFormattable).IsAssignableFrom(Nullable.GetUnderlyingType(type) ?? type);
        (Command Command, Option Option)[] numbers =
        [
            .. Below(root)
                .SelectMany(static command => command.Options, static (command, option) => (command, option))
                .Where(static one => IsNumber(one.option.ValueType)),
        ];
        Assert.True(numbers.Length > 20);
        Assert.All(numbers, number =>
        {
            IEnumerable<string> said =
                number.Command.Parse([number.Option.Name, "1,5"]).Errors.Select(static error => error.Message);
            Assert.Contains(said, line => line.StartsWith($"{number.Option.Name} 1,5: ", StringComparison.Ordinal));
        });
    }

    [Theory]
    [InlineData("--sigma", "2550")]
    [InlineData("--gain", "25000")]
    public void A_picture_that_was_taken_away_is_not_said_to_be_noisy(string option, string value)
    {
        var spot = Plane.Create(64, 64, 64, static (to, width) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                (double x, double y) = ((i % width) - 32, (i / width) - 30);
                to[i] = (float)(0.12 + (0.78 * Math.Exp(-((x * x) + (y * y)) / 60)));
            }
        });
        Image noisy = new GaussianNoise(20).AddTo(new Image(spot), clip: true, new RunSettings());
        ImageFile.Write(_folder["spot.png"], noisy, SampleType.UInt8);
        KlarProgram.Result result =
            Klar("denoise", _folder["spot.png"], "-m", "bm3d", option, value, "-o", _folder["x.png"]);
        Assert.Equal(0, result.Code);
        Assert.True(result.Error.Contains("more was taken out", StringComparison.Ordinal), result.Error);
        Assert.DoesNotContain("noise was left", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.001")]
    [InlineData("2550")]
    public void The_extremes_of_a_level_give_a_picture(string sigma) =>
        Assert.All((string[])["bm3d", "nl-ridge", "lichi"], method =>
        {
            KlarProgram.Result result = Klar(
                "denoise", _folder["in/a.png"], "-m", method, "--sigma", sigma, "-o", _folder["x.png"], "--overwrite");
            Assert.Equal(0, result.Code);
        });

    [Theory]
    [InlineData("--sigma has no effect on median", "-m", "median", "--sigma", "25")]
    [InlineData("--read-noise has no effect on gaussian", "-m", "gaussian", "--read-noise", "2.5")]
    [InlineData("--set bm3d.sigma=12 overrules --sigma 25", "-m", "bm3d", "--sigma", "25", "--set", "bm3d.sigma=12")]
    [InlineData("--set median.size=5 has no effect on mean", "-m", "mean", "--set", "median.size=5")]
    [InlineData("--resume with --overwrite", "-m", "median", "--resume", "--overwrite")]
    public void Options_that_contradict_each_other_are_said(string said, params string[] options)
    {
        KlarProgram.Result result = Klar(["denoise", _folder["in/a.png"], "-o", _folder["x.png"], .. options]);
        Assert.Equal(0, result.Code);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tr_TR.UTF-8")]
    [InlineData("de_DE.UTF-8")]
    [InlineData("ar_SA.UTF-8")]
    public void The_language_of_a_machine_changes_nothing(string locale)
    {
        string[] command =
            ["compare", _folder["in/a.png"], "--noise", "gaussian:12.5", "--methods", "median", "--json"];
        using Process process = KlarProgram.StartWith(("LC_ALL", locale), command);
        JsonElement Row(string json) => JsonDocument.Parse(json).RootElement.GetProperty("rows")[1];
        JsonElement there = Row(KlarProgram.Wait(process).Output), here = Row(Klar(command).Output);
        Assert.Equal(here.GetProperty("psnr").GetDouble(), there.GetProperty("psnr").GetDouble());
    }

    [Fact]
    public void A_small_file_that_claims_to_be_huge_is_a_line()
    {
        // Width, height, bits, compression, photometric, strip at 8, rows in a strip, bytes of a strip.
        (ushort Tag, uint Value)[] tags =
            [(256, 100_000), (257, 100_000), (258, 8), (259, 1), (262, 1), (273, 8), (278, 100_000), (279, 100)];
        using (var writer = new BinaryWriter(File.Create(_folder["bomb.tif"])))
        {
            writer.Write([(byte)'I', (byte)'I', 42, 0, 8, 0, 0, 0]);
            writer.Write((ushort)tags.Length);
            foreach ((ushort tag, uint value) in tags)
            {
                writer.Write(tag);
                writer.Write((ushort)4);
                writer.Write(1u);
                writer.Write(value);
            }

            writer.Write(0u);
        }

        Klar("denoise", _folder["bomb.tif"], "-m", "bm3d", "-o", _folder["x.tif"]).IsOneLine(1, "bomb.tif");
        Klar("denoise", _folder["bomb.tif"], "-m", "median", "-o", _folder["x.tif"]).IsOneLine(1, "needs about");
    }

    [Fact]
    public void A_name_that_is_empty_is_wrong_usage()
    {
        Klar("denoise", string.Empty, "-m", "median").IsOneLine(2, "INPUT ''");
        Klar("denoise", _folder["in/a.png"], "-m", "median", "-o", string.Empty).IsOneLine(2, "--output ''");
        Klar("batch", string.Empty, "-o", _folder["out"]).IsOneLine(2, "DIR ''");
        Klar("info", string.Empty).IsOneLine(2, "''");
    }

    [Fact]
    public void A_reference_of_another_size_is_one_line()
    {
        ImageFile.Write(_folder["small.png"], DemoPicture.Create(32), SampleType.UInt8);
        Klar("compare", _folder["in/a.png"], "--reference", _folder["small.png"], "--methods", "median")
            .IsOneLine(1, "a.png", "64x64x1", "32x32x1");
    }

    [RootFact]
    public void A_folder_that_cannot_be_read_is_a_line_and_exit_code_3()
    {
        Directory.CreateDirectory(_folder["in/closed"]);
        File.Copy(_folder["in/a.png"], _folder["in/closed/c.png"]);
        string open = $"chmod 755 '{_folder.Path}' in; chmod 700 in/closed; mkdir -m 777 out; ";
        (int code, string said) =
            Shell(open + "setpriv --reuid 65534 --clear-groups env HOME=/ $KLAR batch in -o out -m median 2>&1");
        Assert.Equal(3, code);
        Assert.Contains("klar: in/closed: the folder cannot be read", said, StringComparison.Ordinal);
        Assert.Equal(2, Directory.GetFiles(_folder["out"], "*_denoised.png").Length);
        (code, said) =
            Shell("setpriv --reuid 65534 --clear-groups env HOME=/ $KLAR batch in -o out -m median --dry-run 2>&1");
        Assert.Equal(3, code);
        Assert.Contains("klar: in/closed: the folder cannot be read", said, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Category", Long.Category)]
    public void A_small_page_in_tiles_is_judged_as_the_whole_is()
    {
        Image noisy = new GaussianNoise(20).AddTo(DemoPicture.Create(448), clip: true, new RunSettings());
        ImageFile.Write(_folder["p.png"], noisy, SampleType.UInt8);
        double[] removed = [.. ((string[])["1G", "158M"]).Select(memory =>
        {
            KlarProgram.Result result = Klar(
                "denoise", _folder["p.png"], "-m", "bm3d", "--max-memory", memory, "-o", _folder["x.png"],
                "--overwrite");
            Assert.Equal(
                (0, memory == "158M"), (result.Code, result.Error.Contains("in tiles of", StringComparison.Ordinal)));
            JsonElement sidecar = JsonDocument.Parse(File.ReadAllText(_folder["x.png.json"])).RootElement;
            Assert.Equal(memory == "158M", sidecar.GetProperty("settings").TryGetProperty("tiles", out _));
            return sidecar.GetProperty("trust").GetProperty("removed").GetDouble();
        })];

        // What tiles change in a result (docs/cli.md), with room for the estimate of the level.
        Assert.Equal(removed[0], removed[1], 0.03);
    }

    [Theory]
    [InlineData("--gain 1e300")]
    [InlineData("--gain 1e-300")]
    [InlineData("--read-noise 1e30")]
    [InlineData("--offset 1e30")]
    [InlineData("--offset -1e30")]
    public void Noise_that_a_file_cannot_have_is_refused(string option)
    {
        string[] command = ["denoise", _folder["in/a.png"], "-m", "bm3d", "-o", _folder["x.png"], .. option.Split(' ')];
        Klar(command).IsOneLine(2, $"{option}: in this file it can be from ", " grey levels");
        Assert.False(File.Exists(_folder["x.png"]));
    }

    [Theory]
    [InlineData("--gain 3e-7")]
    [InlineData("--gain 25000")]
    [InlineData("--read-noise 2550")]
    [InlineData("--offset 2.5e8")]
    [InlineData("--offset -2.5e8")]
    public void The_extremes_of_known_noise_give_a_picture(string option)
    {
        string[] command = ["denoise", _folder["in/a.png"], "-m", "bm3d", "-o", _folder["x.png"], .. option.Split(' ')];
        KlarProgram.Result result = Klar(command);
        Assert.True(result.Code == 0, result.Error);
        Assert.DoesNotContain("clipped", result.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("batch in -o - -m median")]
    [InlineData("batch - -o out -m median")]
    [InlineData("info -")]
    [InlineData("compare - --noise gaussian:25 --methods median")]
    [InlineData("metrics in/a.png -")]
    [InlineData("noise in/a.png --add gaussian:25 -o -")]
    public void A_dash_stands_for_a_stream_with_denoise_alone(string command)
    {
        Directory.CreateDirectory(_folder["-"]);
        (int code, string said) = Shell($"$KLAR {command} 2>&1");
        Assert.Equal(2, code);
        Assert.Matches("^klar: .* -: standard input and output are for 'klar denoise' alone .*\n$", said);

        // A folder of that name is no matter to it.
        Assert.Equal(0, Shell("$KLAR denoise - -m median -o - -q < in/a.png > x.png").Code);
        Assert.Equal(64, ImageFile.Info(_folder["x.png"]).Width);
        Assert.Empty(Directory.GetFileSystemEntries(_folder["-"]));
    }

    [Fact]
    public void Samples_that_are_none_cost_a_comparison_their_file_alone()
    {
        float[] samples = new float[64 * 64];
        samples[70] = float.NaN;
        ImageFile.Write(_folder["nan.tif"], new Image(Plane.From(64, 64, samples)), SampleType.Float32);
        (int code, string said) =
            Shell("$KLAR compare nan.tif in/a.png --noise gaussian:25 --methods median 2>&1 >table");
        Assert.Equal(3, code);
        Assert.Equal("klar: nan.tif: samples of it are NaN or infinite: only finite ones can be compared\n", said);
    }

    private static IEnumerable<Command> Below(Command command) => [command, .. command.Subcommands.SelectMany(Below)];

    private static KlarProgram.Result Klar(params string[] arguments) => KlarProgram.Run(arguments);

    /// <summary>
    /// Runs a line of bash in the test's folder, with the program as $KLAR; its exit code and what it prints.
    /// </summary>
    private (int Code, string Output) Shell(string line)
    {
        string command = line.Replace("$KLAR", ProgramUnderTest.ForShell, StringComparison.Ordinal);
        var start = new ProcessStartInfo("bash", ["-c", command])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = _folder.Path,
        };
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Assert.True(process.WaitForExit(Patience), "klar hangs");
        return (process.ExitCode, output.Result);
    }
}
