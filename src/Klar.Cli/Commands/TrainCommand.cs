using System.CommandLine;
using System.Globalization;
using Klar.Cli.Batch;
using Klar.Cli.Training;
using Klar.Formats.Denoising;
using Klar.Prior;
using Klar.SelfSupervised.Neighbor2Neighbor;
using Klar.SelfSupervised.Noise2Noise;
using Klar.SelfSupervised.Trained;
using static System.FormattableString;

namespace Klar.Cli.Commands;

/// <summary>
/// <c>klar train METHOD</c>: a model from many images, once, for <c>denoise -m MODEL.safetensors</c>.
/// </summary>
internal sealed class TrainCommand
{
    private const int PublishedEpochs = 100;
    private static readonly TrainingOptions Usual = new();
    private static readonly PriorTrainingOptions UsualPrior = new();
    private static readonly TimeSpan CheckpointEvery = TimeSpan.FromMinutes(1);

    private readonly Argument<string> _method = new("METHOD")
    {
        Description = "neighbor2neighbor (noisy images alone), noise2noise (two takes of each scene) or prior "
            + "(no images: Klar makes them)",
    };

    private readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description = "neighbor2neighbor: noisy images, folders or patterns",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string[]> _pairs = new("--pairs")
    {
        Description = "noise2noise: two folders, with the takes of a scene under the same name",
        HelpName = "FOLDER_A FOLDER_B",
        Arity = new ArgumentArity(2, 2),
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string?> _frames = new("--frames")
    {
        Description = "noise2noise: a stack whose neighbouring frames are takes of the same scene",
        HelpName = "STACK",
    };

    private readonly Option<string?> _axes = new("--axes")
    {
        Description = "What the pages of the stack are, where the file does not say or is wrong: "
            + "TZCYX, or T10Z5YX with sizes",
        HelpName = "AXES",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The model to write",
        HelpName = "MODEL.safetensors",
        Required = true,
    };

    private readonly Option<int?> _steps = new("--steps")
    {
        Description = $"Training steps (default: {PublishedEpochs} epochs, as published; prior: {UsualPrior.Steps})",
        HelpName = "N",
    };

    private readonly Option<double> _epochs = new("--epochs")
    {
        Description = "How often all images are gone through",
        HelpName = "N",
        DefaultValueFactory = static _ => PublishedEpochs,
    };

    private readonly Option<int?> _batch = new("--batch")
    {
        Description = $"Crops a step (default: {Usual.Batch}; prior: {UsualPrior.Batch})",
        HelpName = "N",
    };

    private readonly Option<int?> _crop = new("--crop-size")
    {
        Description = $"Side of a crop, a multiple of 64; prior: of 8, up to 128 (default: {Usual.CropSize})",
        HelpName = "N",
    };

    private readonly Option<double?> _rate = new("--learning-rate")
    {
        Description = Invariant($"Adam's rate at the first step; prior: the highest (default: {Usual.LearningRate}; ")
            + Invariant($"prior: {UsualPrior.LearningRate})"),
        HelpName = "RATE",
    };

    private readonly Option<int?> _stop = new("--stop-after")
    {
        Description = "Stop after this step and keep the checkpoint: --resume goes on there",
        HelpName = "STEP",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Go on where a training with the same images and settings was stopped: "
            + "same bits as if it had not been",
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new TrainCommand();
        const string About = "Train a model on many noisy images, for 'klar denoise -m MODEL.safetensors'; "
            + "or Klar's own prior, on pictures that it makes.";
        var command = new Command("train", About)
        {
            self._method, self._inputs, self._pairs, self._frames, self._axes, self._output, self._steps, self._epochs,
            self._batch, self._crop, self._rate, self._stop, self._resume,
        };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        string model = parsed.GetValue(_output)!;
        if (!ModelFile.Is(model))
        {
            throw UserErrorException.Usage($"-o {model}: a model's name ends in {ModelFile.Extension}");
        }

        bool resume = parsed.GetValue(_resume);
        int? stop = parsed.GetValue(_stop) is { } given ? StopAfter(given) : null;
        bool prior = parsed.GetValue(_method) == "prior";
        var files = new TrainingFiles(model, along: prior);
        files.RefuseExisting(parsed.GetValue(CommonOptions.Overwrite), resume);
        RunSettings run = CommonOptions.Run(parsed);
        TrainingOptions? options = prior ? null : Options(parsed);
        PriorTrainingOptions? priorOptions = prior ? PriorOptions(parsed) : null;
        var terminal = Terminal.Of(parsed);
        bool started = File.Exists(files.Checkpoint);
        if (resume && File.Exists(model) && IsOwn(model, parsed, run.Seed, started) && !started)
        {
            terminal.Say($"{model} (was done)");
            return ExitCode.Done;
        }

        OutputFile.MakeFolder(model);
        using FileLock own = FileLock.Take(model, out string owner)
            ?? throw new UserErrorException(ExitCode.OutputExists, $"another run is making {model} ({owner})");
        files.RefuseExisting(parsed.GetValue(CommonOptions.Overwrite), resume);
        var images = new TrainingImages(cancel);
        long start = run.Clock.GetTimestamp();
        Trainee trainee = priorOptions is not null
            ? OfPrior(priorOptions, run)
            : Training(parsed, options!, images, run, terminal);
        ITraining training = trainee.Training;
        if (resume)
        {
            files.Resume(training, images.Fingerprint);
        }

        string done = training.Losses.Count > 0 ? $", {training.Losses.Count} of them done" : string.Empty;
        terminal.Say($"{training.Method}: {trainee.What}, {training.StepCount} steps of {trainee.Crops}{done}");

        // Whether there is room for it is better known before an hour of training than after.
        files.Save(training, images.Fingerprint);
        Train(training, stop ?? training.StepCount, files, images.Fingerprint, run, terminal, cancel);
        if (training.Losses.Count < training.StepCount)
        {
            files.Save(training, images.Fingerprint);
            terminal.Say(Stopped(training));
            return ExitCode.Done;
        }

        files.Finish(training, trainee.Typical is { } typical ? ModelNoise.Notes(typical) : []);
        double seconds = run.Clock.GetElapsedTime(start).TotalSeconds;
        double loss = training.Losses.TakeLast(Math.Max(1, training.Losses.Count / 20)).Average();
        if (parsed.GetValue(CommonOptions.Json))
        {
            var document = new TrainDocument(
                model, training.Method, training.Losses.Count, loss, seconds,
                trainee.Images, run.Seed, Product.Version);
            Terminal.PrintJson(document, Documents.Default.TrainDocument);
        }
        else
        {
            terminal.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{model} ({training.Method}, {training.Losses.Count} steps, loss {loss:G4}, {seconds:F0} s)"));
        }

        return images.Failures.Count == 0 ? ExitCode.Done : ExitCode.SomeFilesFailed;
    }

    private static void Train(
        ITraining training, int stop, TrainingFiles files, string data, RunSettings run, Terminal terminal,
        CancellationToken cancel)
    {
        long saved = run.Clock.GetTimestamp();
        try
        {
            _ = terminal.WithProgress(progress =>
            {
                foreach (TrainingStep step in training.Steps(cancel).Take(Math.Max(0, stop - training.Losses.Count)))
                {
                    progress?.Report(new DenoiseProgress(
                        Invariant($"step {step.Number} of {training.StepCount}, loss {step.Loss:G3}"),
                        (double)step.Number / training.StepCount));
                    if (run.Clock.GetElapsedTime(saved) > CheckpointEvery)
                    {
                        files.Save(training, data);
                        saved = run.Clock.GetTimestamp();
                    }
                }

                return true;
            });
        }
        catch (OperationCanceledException)
        {
            files.Save(training, data);
            terminal.Say(Stopped(training));
            throw;
        }
    }

    /// <summary>Whether a model that is there is the one that this training makes, as far as it says.</summary>
    /// <exception cref="UserErrorException">It is another one, or none, and is not to be replaced.</exception>
    private bool IsOwn(string model, ParseResult parsed, ulong seed, bool started)
    {
        ModelNotes? notes = ModelNotes.Of(model);
        string method = parsed.GetValue(_method)!, wanted = Invariant($"{parsed.GetValue(_steps)}");
        string? other = notes is null || notes.Method != method ? $"no model of {method} (klar train)"
            : notes.Seed is { } itsSeed && itsSeed != Invariant($"{seed}") ? $"a model of seed {itsSeed}"
            : notes.Steps is { } steps && !started && wanted.Length > 0 && steps != wanted ? $"a model of {steps} steps"
            : null;
        return other is null || parsed.GetValue(CommonOptions.Overwrite)
            ? other is null
            : throw new UserErrorException(
                ExitCode.OutputExists, $"{model} exists and is {other} (--overwrite replaces it)");
    }

    private static int StopAfter(int step) =>
        step >= 1 ? step : throw UserErrorException.Usage($"--stop-after {step}: it must be 1 or more");

    private static string Stopped(ITraining training) =>
        $"stopped after step {training.Losses.Count} of {training.StepCount} (--resume goes on there)";

    private Trainee Training(
        ParseResult parsed, TrainingOptions options, TrainingImages images, RunSettings run, Terminal terminal)
    {
        string[] inputs = parsed.GetValue(_inputs) ?? [];
        string[] folders = parsed.GetValue(_pairs) ?? [];
        string? frames = parsed.GetValue(_frames);
        switch (parsed.GetValue(_method))
        {
            case "neighbor2neighbor" when inputs.Length > 0 && folders.Length == 0 && frames is null:
                IReadOnlyList<Image> noisy = images.Of(InputFiles.Of(inputs));
                return Of(new Neighbor2NeighborTraining(noisy, WithSteps(options, noisy, parsed), run),
                    noisy[noisy.Count / 2], noisy.Count, "images");
            case "neighbor2neighbor":
                throw UserErrorException.Usage(
                    "neighbor2neighbor takes noisy images or folders: "
                    + "klar train neighbor2neighbor FOLDER -o MODEL.safetensors");
            case "noise2noise" when inputs.Length == 0 && folders.Length == 2 != frames is not null:
                IReadOnlyList<(Image First, Image Second)> pairs = frames is null
                    ? images.Pairs(folders[0], folders[1], terminal)
                    : images.Frames(frames, parsed.GetValue(_axes));
                return Of(new Noise2NoiseTraining(
                    pairs, WithSteps(options, [.. pairs.Select(static pair => pair.First)], parsed), run),
                    pairs[pairs.Count / 2].First, pairs.Count, "pairs");
            case "noise2noise":
                throw UserErrorException.Usage("noise2noise takes --pairs FOLDER_A FOLDER_B, or --frames STACK");
            case var other:
                throw UserErrorException.Usage(
                    $"'{other}' is not trained on many images (neighbor2neighbor, noise2noise and prior are)");
        }
    }

    private static Trainee Of(ModelTraining training, Image typical, int images, string called) => new(
        training, typical, images, $"{images} {called}",
        $"{training.Options.Batch} crops of {training.Options.CropSize} x {training.Options.CropSize}");

    private static Trainee OfPrior(PriorTrainingOptions options, RunSettings run) =>
        new(new PriorTraining(options, run), null, 0, "generated pictures",
            $"{options.Batch} crops of {options.CropSize} x {options.CropSize}");

    private TrainingOptions Options(ParseResult parsed)
    {
        return InRange(() => new TrainingOptions
        {
            Steps = parsed.GetValue(_steps) ?? 1,
            Batch = parsed.GetValue(_batch) ?? Usual.Batch,
            CropSize = parsed.GetValue(_crop) ?? Usual.CropSize,
            LearningRate = parsed.GetValue(_rate) ?? Usual.LearningRate,
        });
    }

    private PriorTrainingOptions PriorOptions(ParseResult parsed)
    {
        if (parsed.GetValue(_inputs) is { Length: > 0 } || parsed.GetValue(_pairs) is { Length: > 0 }
            || parsed.GetValue(_frames) is not null)
        {
            throw UserErrorException.Usage(
                "prior takes no images, it makes them: klar train prior --seed 0 -o MODEL.safetensors");
        }

        return InRange(() => new PriorTrainingOptions
        {
            Steps = parsed.GetValue(_steps) ?? UsualPrior.Steps,
            Batch = parsed.GetValue(_batch) ?? UsualPrior.Batch,
            CropSize = parsed.GetValue(_crop) ?? UsualPrior.CropSize,
            LearningRate = parsed.GetValue(_rate) ?? UsualPrior.LearningRate,
        });
    }

    private static TOptions InRange<TOptions>(Func<TOptions> make)
    {
        try
        {
            return make();
        }
        catch (OptionOutOfRangeException wrong)
        {
            string option = wrong.ParamName switch
            {
                nameof(TrainingOptions.Steps) => "--steps",
                nameof(TrainingOptions.Batch) => "--batch",
                nameof(TrainingOptions.CropSize) => "--crop-size",
                _ => "--learning-rate",
            };
            throw UserErrorException.Usage(
                Invariant($"{option} {wrong.ActualValue}: it must be {wrong.Requirement}"));
        }
    }

    /// <summary>A training, and what is said of it.</summary>
    private sealed record Trainee(ITraining Training, Image? Typical, int Images, string What, string Crops);

    /// <summary>
    /// As many steps as were asked for, or as the epochs need: in one, crops cover as much as the images have.
    /// </summary>
    private TrainingOptions WithSteps(TrainingOptions options, IReadOnlyList<Image> scenes, ParseResult parsed)
    {
        if (parsed.GetValue(_steps) is not null)
        {
            return options;
        }

        double epochs = parsed.GetValue(_epochs);
        double crops = scenes.Sum(
            static scene => (double)scene.Width * scene.Height) / ((double)options.CropSize * options.CropSize);
        double steps = Math.Ceiling(epochs * crops / options.Batch);
        return epochs > 0 && steps <= 10_000_000
            ? options with { Steps = (int)Math.Max(1, steps) }
            : throw UserErrorException.Usage(string.Create(
                CultureInfo.InvariantCulture,
                $"--epochs {epochs}: it takes a number above 0, and {steps:G3} steps are too many"));
    }
}
