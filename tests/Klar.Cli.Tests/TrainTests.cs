using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Klar.Formats;
using Klar.Noise;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

public sealed class TrainTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_is_trained_on_a_folder_and_denoises_files_and_stacks()
    {
        Noisy("in/a.tif", 1);
        Noisy("in/b.tif", 2);
        string model = _folder["model.safetensors"];
        KlarProgram.Result trained =
            KlarProgram.Run("train", "neighbor2neighbor", _folder["in"], "-o", model, "--steps", "4", "--json");
        Assert.True(trained.Code == 0, trained.Error);
        JsonElement document = JsonDocument.Parse(trained.Output).RootElement;
        Assert.Equal(("neighbor2neighbor", 4, 2), (
            document.GetProperty("method").GetString(), document.GetProperty("steps").GetInt32(),
            document.GetProperty("images").GetInt32()));
        string[] losses = File.ReadAllLines(_folder["model.loss.csv"]);
        Assert.Equal(("step,loss", 5), (losses[0], losses.Length));
        Assert.InRange(float.Parse(losses[4].Split(',')[1], CultureInfo.InvariantCulture), 0, 10);
        Assert.Equal((960, 540), (
            ImageFile.Info(_folder["model.loss.png"]).Width, ImageFile.Info(_folder["model.loss.png"]).Height));
        Assert.False(File.Exists(model + ".checkpoint"));

        Assert.Equal(0, KlarProgram.Run("denoise", _folder["in/a.tif"], "-m", model, "-o", _folder["out.tif"]).Code);
        Assert.Equal(SampleType.UInt16, ImageFile.Info(_folder["out.tif"]).SampleType);
        JsonElement sidecar = JsonDocument.Parse(File.ReadAllText(_folder["out.tif.json"])).RootElement;
        Assert.Equal(("model", "4"), (
            sidecar.GetProperty("method").GetString(),
            sidecar.GetProperty("settings").GetProperty("model-steps").GetString()));

        // As a method among others, and with --resume, which knows the model by its content.
        KlarProgram.Result compared = KlarProgram.Run(
            "compare", _folder["in/a.tif"], "--noise", "gaussian:25", "--methods", $"median,{model}", "--json");
        Assert.Equal(["noisy", "median", model], JsonDocument.Parse(compared.Output).RootElement
            .GetProperty("rows")
            .EnumerateArray()
            .Select(static row => row.GetProperty("method").GetString()));
        Assert.Contains(
            "was done",
            KlarProgram.Run("denoise", _folder["in/a.tif"], "-m", model, "-o", _folder["out.tif"], "--resume").Error,
            StringComparison.Ordinal);
        Assert.Equal(0, KlarProgram.Run(
            "train", "neighbor2neighbor", _folder["in"], "-o", model, "--steps", "5", "--overwrite").Code);
        Assert.DoesNotContain(
            "was done",
            KlarProgram.Run("denoise", _folder["in/a.tif"], "-m", model, "-o", _folder["out.tif"], "--resume").Error,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("noise2noise")]
    [InlineData("neighbor2neighbor")]
    public void Stopped_and_gone_on_with_it_is_the_training_that_was_not_stopped(string method)
    {
        foreach (ulong seed in (ulong[])[1, 2])
        {
            Noisy($"one/{seed}.tif", seed);
            Noisy($"two/{seed}.tif", seed + 10);
        }

        string[] data = method == "noise2noise" ? ["--pairs", _folder["one"], _folder["two"]] : [_folder["one"]];
        string[] Command(string model) => ["train", method, .. data, "-o", _folder[model], "--steps", "40", "--resume"];
        Assert.Equal(0, KlarProgram.Run(Command("unbroken.safetensors")).Code);
        using (Process process = KlarProgram.Start([.. Command("model.safetensors"), "--attached"]))
        {
            string? line = process.StandardError.ReadLine();
            Assert.Contains("40 steps", line, StringComparison.Ordinal);
            while (line is not null && (!line.StartsWith('{')
                || JsonDocument.Parse(line).RootElement.GetProperty("fraction").GetDouble() < 0.1))
            {
                line = process.StandardError.ReadLine();
            }

            using var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]);
            KlarProgram.Result stopped = KlarProgram.Wait(process);
            Assert.Equal(130, stopped.Code);
            Assert.Contains("--resume", stopped.Error, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(_folder["model.safetensors.checkpoint"]) && !File.Exists(_folder["model.safetensors"]));
        KlarProgram.Run("train", method, data[0], "-o", _folder["model.safetensors"]).IsOneLine(
            method == "noise2noise" ? 2 : 5);
        KlarProgram.Result resumed = KlarProgram.Run(Command("model.safetensors"));
        Assert.Equal(0, resumed.Code);
        Assert.Contains("of them done", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(
            File.ReadAllBytes(_folder["unbroken.safetensors"]), File.ReadAllBytes(_folder["model.safetensors"]));
        Assert.Equal(File.ReadAllText(_folder["unbroken.loss.csv"]), File.ReadAllText(_folder["model.loss.csv"]));
        Assert.False(File.Exists(_folder["model.safetensors.checkpoint"]));
        Assert.Contains("was done", KlarProgram.Run(Command("model.safetensors")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_prior_is_trained_on_no_images_with_the_same_bits_on_any_number_of_threads()
    {
        string[] Command(string model, string threads) =>
            ["train", "prior", "--seed", "7", "--steps", "3", "--batch", "3", "--crop-size", "16", "--threads",
            threads, "-o", _folder[model], "--resume"];
        KlarProgram.Result trained = KlarProgram.Run([.. Command("one.safetensors", "1"), "--json"]);
        Assert.True(trained.Code == 0, trained.Error);
        JsonElement document = JsonDocument.Parse(trained.Output).RootElement;
        Assert.Equal(("prior", 3, 0),
            (document.GetProperty("method").GetString(), document.GetProperty("steps").GetInt32(),
            document.GetProperty("images").GetInt32()));
        KlarProgram.Result stopped = KlarProgram.Run([.. Command("two.safetensors", "2"), "--stop-after", "2"]);
        Assert.Equal(0, stopped.Code);
        Assert.Contains("stopped after step 2 of 3", stopped.Error, StringComparison.Ordinal);
        Assert.True(File.Exists(_folder["two.safetensors.checkpoint"]));
        Assert.Equal(0, KlarProgram.Run(Command("two.safetensors", "2")).Code);
        Assert.Equal(File.ReadAllBytes(_folder["one.safetensors"]), File.ReadAllBytes(_folder["two.safetensors"]));
        Assert.Equal(4, File.ReadAllLines(_folder["two.loss.csv"]).Length);
        Assert.False(File.Exists(_folder["two.safetensors.checkpoint"]));
        Assert.Contains("was done", KlarProgram.Run(Command("two.safetensors", "2")).Error, StringComparison.Ordinal);
        KlarProgram.Run("denoise", _folder["in/a.tif"], "-m", _folder["one.safetensors"], "-o", _folder["x.png"])
            .IsOneLine(1, "one.safetensors", "a prior, which is built in");
        KlarProgram.Run("train", "prior", _folder["one.safetensors"], "-o", _folder["x.safetensors"])
            .IsOneLine(2, "prior takes no images");
        KlarProgram.Run("train", "prior", "--stop-after", "0", "-o", _folder["x.safetensors"])
            .IsOneLine(2, "--stop-after 0");
        KlarProgram.Run("train", "prior", "--crop-size", "20", "-o", _folder["x.safetensors"])
            .IsOneLine(2, "--crop-size 20", "multiple of 8");
        KlarProgram.Run("train", "prior", "--crop-size", "200", "-o", _folder["x.safetensors"])
            .IsOneLine(2, "--crop-size 200", "16 to 128");
    }

    [Fact]
    public void A_training_of_the_prior_that_is_stopped_leaves_a_checkpoint_and_a_model()
    {
        string[] Command(string model) =>
            ["train", "prior", "--steps", "60", "--batch", "2", "--crop-size", "16", "-o", _folder[model], "--resume"];
        Assert.Equal(0, KlarProgram.Run(Command("unbroken.safetensors")).Code);
        using (Process process = KlarProgram.Start([.. Command("model.safetensors"), "--attached"]))
        {
            string? line = process.StandardError.ReadLine();
            while (line is not null
                && (!line.StartsWith('{') || JsonDocument.Parse(line).RootElement.GetProperty("fraction")
                .GetDouble() < 0.05))
            {
                line = process.StandardError.ReadLine();
            }

            using var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]);
            KlarProgram.Result stopped = KlarProgram.Wait(process);
            Assert.Equal(143, stopped.Code);
            Assert.Contains("--resume", stopped.Error, StringComparison.Ordinal);
        }

        Assert.True(File.Exists(_folder["model.safetensors.checkpoint"]) && File.Exists(_folder["model.safetensors"]));
        KlarProgram.Result resumed = KlarProgram.Run(Command("model.safetensors"));
        Assert.Equal(0, resumed.Code);
        Assert.Contains("of them done", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(File.ReadAllBytes(_folder["unbroken.safetensors"]),
            File.ReadAllBytes(_folder["model.safetensors"]));
        Assert.False(File.Exists(_folder["model.safetensors.checkpoint"]));
    }

    [Fact]
    public void Resume_takes_no_other_file_for_the_model_that_it_would_make()
    {
        Noisy("in/a.tif", 1);
        string model = _folder["model.safetensors"];
        string[] command = ["train", "neighbor2neighbor", _folder["in"], "-o", model, "--resume", "--steps"];
        foreach (byte[] other in (byte[][])[[], [1, 2, 3], [.. "precious, precious, precious"u8]])
        {
            File.WriteAllBytes(model, other);
            KlarProgram.Run([.. command, "2"]).IsOneLine(5, "no model of neighbor2neighbor");
            File.WriteAllBytes(model + ".checkpoint", [1]);
            KlarProgram.Run([.. command, "2"]).IsOneLine(5, "no model of neighbor2neighbor");
            Assert.Equal(other, File.ReadAllBytes(model));
            File.Delete(model + ".checkpoint");
        }

        Assert.Equal(0, KlarProgram.Run([.. command, "2", "--overwrite"]).Code);
        Assert.Contains("was done", KlarProgram.Run([.. command, "2"]).Error, StringComparison.Ordinal);
        KlarProgram.Run([.. command, "3"]).IsOneLine(5, "a model of 2 steps");
        KlarProgram.Run([.. command, "2", "--seed", "9"]).IsOneLine(5, "a model of seed 0");
        KlarProgram.Run("train", "noise2noise", "--pairs", _folder["in"], _folder["in"], "-o", model, "--resume")
            .IsOneLine(5, "no model of noise2noise");
    }

    [Fact]
    public void A_checkpoint_of_other_images_is_not_gone_on_with()
    {
        Noisy("in/a.tif", 1);
        File.WriteAllBytes(_folder["model.safetensors.checkpoint"], [1, 2, 3]);
        string[] command =
        [
            "train", "neighbor2neighbor", _folder["in"], "-o", _folder["model.safetensors"], "--steps", "2"
        ];
        KlarProgram.Run(command).IsOneLine(5, "model.safetensors.checkpoint exists");
        KlarProgram.Run([.. command, "--resume", "-q"]).IsOneLine(
            1, "model.safetensors.checkpoint", "--overwrite begins anew");
        Assert.Equal(0, KlarProgram.Run([.. command, "--overwrite"]).Code);
    }

    [Fact]
    public void Neighbouring_frames_of_a_stack_are_pairs()
    {
        string script = $"import numpy, tifffile; r = numpy.random.default_rng(1); "
            + $"tifffile.imwrite('{_folder["movie.tif"]}', r.integers(0, 4000, (5, 70, 80)).astype('uint16'), "
            + $"imagej=True, metadata={{'axes': 'TYX'}}); " +
            $"tifffile.imwrite('{_folder["slices.tif"]}', r.integers(0, 4000, (5, 70, 80)).astype('uint16'), "
                + $"imagej=True, metadata={{'axes': 'ZYX'}})";
        using (var python = Process.Start("/usr/bin/python3", ["-c", script]))
        {
            python.WaitForExit();
            Assert.Equal(0, python.ExitCode);
        }

        KlarProgram.Result trained = KlarProgram.Run(
            "train", "noise2noise", "--frames", _folder["movie.tif"], "-o", _folder["m.safetensors"], "--steps", "2");
        Assert.True(trained.Code == 0, trained.Error);
        Assert.Contains("4 pairs", trained.Error, StringComparison.Ordinal);
        Assert.Equal(0, KlarProgram.Run(
            "denoise", _folder["movie.tif"], "-m", _folder["m.safetensors"], "-o", _folder["out.tif"]).Code);
        Assert.Equal(5, ImageFile.Info(_folder["out.tif"]).Pages);
        KlarProgram.Run(
            "train", "noise2noise", "--frames", _folder["slices.tif"], "-o", _folder["n.safetensors"], "--steps",
            "2").IsOneLine(1, "slices.tif has no frames", "Z=5");
    }

    [Fact]
    public void Wrong_use_and_bad_files_are_one_line()
    {
        Noisy("in/a.tif", 1);
        Noisy("small/b.tif", 1, side: 50);
        string model = _folder["model.safetensors"];
        KlarProgram.Run("train", "bm3d", _folder["in"], "-o", model)
            .IsOneLine(2, "'bm3d'", "neighbor2neighbor, noise2noise and prior");
        KlarProgram.Run("train", "noise2noise", _folder["in"], "-o", model).IsOneLine(2, "--pairs");
        KlarProgram.Run("train", "neighbor2neighbor", "-o", model).IsOneLine(2, "FOLDER");
        KlarProgram.Run("train", "neighbor2neighbor", _folder["in"], "-o", _folder["model.pt"]).IsOneLine(
            2, ".safetensors");
        KlarProgram.Run("train", "neighbor2neighbor", _folder["in"], "-o", model, "--crop-size", "100").IsOneLine(
            2, "--crop-size 100", "multiple of 64");
        KlarProgram.Run("train", "neighbor2neighbor", _folder["in"], "-o", model, "--epochs", "0").IsOneLine(
            2, "--epochs 0");
        KlarProgram
            .Run("train", "noise2noise", "--pairs", _folder["in"], _folder["small"], "-o", model, "-q")
            .IsOneLine(1, "differ in size");
        KlarProgram.Run("train", "noise2noise", "--pairs", _folder["in"], _folder["nowhere"], "-o", model).IsOneLine(
            1, "nowhere: there is no such folder");
        KlarProgram.Run(
            "train", "neighbor2neighbor", _folder["in"], "-o", "/proc/model.safetensors", "--steps", "100000",
            "-q").IsOneLine(1, "/proc");
        Directory.CreateDirectory(_folder["empty"]);
        KlarProgram.Run("train", "neighbor2neighbor", _folder["empty"], "-o", model).IsOneLine(4, "no image");
        Assert.Empty(Directory.GetFiles(_folder.Path));

        // A bad file among good ones is left out, and said.
        File.WriteAllText(_folder["in/b.tif"], "nothing");
        KlarProgram.Result trained =
            KlarProgram.Run("train", "neighbor2neighbor", _folder["in"], "-o", model, "--steps", "1");
        Assert.Equal(3, trained.Code);
        Assert.Contains("b.tif", trained.Error, StringComparison.Ordinal);

        File.WriteAllText(_folder["foreign.safetensors"], "this is not a model");
        KlarProgram.Run("denoise", _folder["in/a.tif"], "-m", _folder["foreign.safetensors"]).IsOneLine(
            1, "foreign.safetensors: not a safetensors file");
        KlarProgram.Run("denoise", _folder["in/a.tif"], "-m", _folder["missing.safetensors"]).IsOneLine(
            1, "missing.safetensors");
        KlarProgram.Run("denoise", _folder["in/a.tif"], "-m", "noise2noise").IsOneLine(2, "klar train noise2noise");
    }

    [Fact]
    public void A_model_for_other_noise_is_warned_of()
    {
        Noisy("in/a.tif", 1);
        Noisy("louder.tif", 1, sigma: 60);
        Assert.Equal(0, KlarProgram.Run(
            "train", "neighbor2neighbor", _folder["in"], "-o", _folder["model.safetensors"], "--steps", "1").Code);
        Assert.Contains(
            "trained on noise of",
            KlarProgram.Run("denoise", _folder["louder.tif"], "-m", _folder["model.safetensors"]).Error,
            StringComparison.Ordinal);
        Assert.DoesNotContain("trained on noise of", KlarProgram.Run(
            "denoise", _folder["in/a.tif"], "-m", _folder["model.safetensors"], "-o",
            _folder["out.tif"]).Error, StringComparison.Ordinal);
    }

    private void Noisy(string name, ulong seed, int side = 96, float sigma = 20)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        Image picture = new(DemoPicture.Create(side).Planes, new SampleScale(0, 4000, Bounded: true));
        ImageFile.Write(
            _folder[name], new GaussianNoise(sigma).AddTo(picture, clip: true, new RunSettings { Seed = seed }),
            SampleType.UInt16);
    }
}
