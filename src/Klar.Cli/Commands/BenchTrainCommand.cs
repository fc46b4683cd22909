using System.CommandLine;
using System.Globalization;
using Klar.Reports;
using Klar.SelfSupervised.Neighbor2Neighbor;
using Klar.SelfSupervised.Noise2Noise;
using Klar.SelfSupervised.Trained;
using Klar.SelfSupervised.ZsN2n;

namespace Klar.Cli.Commands;

/// <summary><c>klar bench train</c>: how fast this machine trains.</summary>
internal sealed class BenchTrainCommand
{
    private readonly Option<string> _method = new("--method")
    {
        Description = "zs-n2n, or a method of 'klar train'",
        HelpName = "zs-n2n|noise2noise|neighbor2neighbor",
        DefaultValueFactory = static _ => "zs-n2n"
    };
    private readonly Option<int> _batch = new("--batch")
    {
        Description = "Crops a step, for a method of 'klar train'",
        HelpName = "N",
        DefaultValueFactory = static _ => 4
    };
    private readonly Option<int> _size = new("--size")
    {
        Description = "Side of the picture, or of a crop, in pixels",
        HelpName = "N",
        DefaultValueFactory = static _ => 256
    };
    private readonly Option<int> _channels = new("--channels")
    {
        Description = "Channels of the picture",
        HelpName = "N",
        DefaultValueFactory = static _ => 1,
    };
    private readonly Option<int> _width = new("--width")
    {
        Description = "Channels of the hidden layers",
        HelpName = "N",
        DefaultValueFactory = static _ => 48
    };
    private readonly Option<int> _steps = new("--steps")
    {
        Description = "Steps to time; the median counts",
        HelpName = "N",
        DefaultValueFactory = static _ => 20
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new BenchTrainCommand();
        var command = new Command("train", "Time the training steps of Zero-Shot Noise2Noise, or of a model.")
        {
            self._method,
            self._size,
            self._channels,
            self._width,
            self._batch,
            self._steps
        };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel) => parsed.GetValue(_method) switch
    {
        "zs-n2n" => ZeroShot(parsed, cancel),
        "noise2noise" => OfModel(parsed, static (
            pictures, options, run) => new Noise2NoiseTraining([(pictures[0], pictures[1])], options, run), cancel),
        "neighbor2neighbor" => OfModel(
            parsed, static (pictures, options, run) => new Neighbor2NeighborTraining(pictures, options, run), cancel),
        var other => throw UserErrorException.Usage(
            $"--method {other}: it takes zs-n2n, noise2noise or neighbor2neighbor"),
    };

    /// <summary>Steps on two pictures of the demo's kind; the median counts, after two that do not.</summary>
    private ExitCode OfModel(
        ParseResult parsed, Func<Image[], TrainingOptions, RunSettings, ModelTraining> train, CancellationToken cancel)
    {
        RunSettings run = CommonOptions.Run(parsed);
        int size = InRange(parsed, _size, 64, 1024), channels = InRange(parsed, _channels, 1, 64),
            steps = InRange(parsed, _steps, 1, 100_000);
        if (size % 64 != 0)
        {
            throw UserErrorException.Usage($"--size {size}: crops have a multiple of 64");
        }

        Plane plane = DemoPicture.Create(size).Planes[0];
        var picture = new Image([.. Enumerable.Repeat(plane, channels)]);
        Image[] takes =
        [
            .. Enumerable.Range(1, 2).Select(seed =>
                new Noise.GaussianNoise(25).AddTo(picture, clip: false, run with { Seed = (ulong)seed })),
        ];
        ModelTraining training = train(
            takes, new TrainingOptions { Steps = steps + 2, Batch = InRange(parsed, _batch, 1, 256), CropSize = size },
            run);
        var times = new List<double>();
        long start = run.Clock.GetTimestamp();
        foreach (TrainingStep step in training.Steps(cancel))
        {
            if (step.Number > 2)
            {
                times.Add(run.Clock.GetElapsedTime(start).TotalMilliseconds);
            }

            start = run.Clock.GetTimestamp();
        }

        times.Sort();
        var speed = new ModelSpeedDocument(
            training.Method, times[times.Count / 2], training.Options.Batch, size, channels, run.Threads);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(speed, Documents.Default.ModelSpeedDocument);
        }
        else
        {
            Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"{speed.MsPerStep:F1} ms a step of "
                + $"{speed.Batch} crops of {size} x {size} ({speed.Method}, {speed.Threads} threads)"));
        }

        return ExitCode.Done;
    }

    private ExitCode ZeroShot(ParseResult parsed, CancellationToken cancel)
    {
        TrainingSpeed speed = TrainingSpeed.Measure(
            InRange(parsed, _size, 8, 16384), InRange(parsed, _channels, 1, 64), InRange(parsed, _width, 1, 1024),
            InRange(parsed, _steps, 1, 100_000), CommonOptions.Run(parsed), cancel);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(speed, Documents.Default.TrainingSpeed);
        }
        else
        {
            Terminal.Print(string.Create(
                CultureInfo.InvariantCulture,
                $"{speed.MsPerStep:F2} ms a step, {speed.GflopPerStep:F2} GFLOP of direct convolution: "
                    + $"{speed.EffectiveGflops:F0} GFLOP/s, {speed.EffectiveGflops / speed.PeakGflops:F2} of the "
                    + $"peak of {speed.PeakGflops:F0} GFLOP/s ({speed.Threads} threads)"));
        }

        return ExitCode.Done;
    }

    private static int InRange(ParseResult parsed, Option<int> option, int least, int most)
    {
        int value = parsed.GetValue(option);
        return value >= least && value <= most
            ? value
            : throw UserErrorException.Usage($"{option.Name} {value}: it takes a number from {least} to {most}");
    }
}
