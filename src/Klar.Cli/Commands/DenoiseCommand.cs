using System.CommandLine;
using System.CommandLine.Completions;
using System.Security.Cryptography;
using System.Text.Json;
using Klar.Catalogue;
using Klar.Diagnostics;
using Klar.Formats;
using Klar.Imaging;
using Klar.Metrics;
using Klar.Noise;

namespace Klar.Cli.Commands;

/// <summary><c>klar denoise INPUT...</c></summary>
internal sealed class DenoiseCommand
{
    private readonly Argument<string[]> _inputs = new("INPUT") { Description = "Image files, folders or patterns", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _output = new("--output", "-o") { Description = "File or folder to write (default: beside the input as NAME_denoised.EXT)", HelpName = "FILE|DIR" };
    private readonly Option<string> _method = new("--method", "-m")
    {
        Description = "Method ('klar methods' lists them)",
        HelpName = "METHOD",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly Option<string> _warmStart = new("--warm-start")
    {
        Description = "Begin each file's training with the network of the file before: a tenth of the steps, for frames that follow each other",
        HelpName = "off|on",
        DefaultValueFactory = static _ => "off",
    };

    private readonly MethodChoice _choice = new();
    private readonly SideOutputs _beside = new();

    public static Command Create(CancellationToken cancel)
    {
        var self = new DenoiseCommand();
        var command = new Command("denoise", "Take the noise out of images; sample type and metadata are kept.") { self._inputs, self._output, self._method, self._warmStart };
        self._method.CompletionSources.Add(static _ => MethodCatalogue.All.Select(static method => new CompletionItem(method.Name)));
        self._choice.AddTo(command);
        self._beside.AddTo(command);
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        RunSettings run = CommonOptions.Run(parsed) with
        {
            WarmStart = parsed.GetValue(_warmStart) switch
            {
                "on" => new WarmStart(),
                "off" => null,
                var other => throw ExpectedTroubleException.Usage($"--warm-start {other}: it takes off or on"),
            },
        };
        string method = parsed.GetValue(_method)!;
        IDenoiser denoiser = _choice.Create(method, parsed, run);
        IReadOnlyList<string> inputs = InputFiles.Of(parsed.GetValue(_inputs)!);
        var terminal = Terminal.Of(parsed);
        bool json = parsed.GetValue(CommonOptions.Json);

        var outcomes = new List<Outcome>();
        foreach (string input in inputs)
        {
            Outcome outcome = Outcome.Of(input, () => Denoise(input, inputs.Count > 1, denoiser, parsed, terminal, cancel));
            outcomes.Add(outcome);
            switch (outcome)
            {
                case Outcome.Failed failed:
                    Terminal.Error($"{failed.Input}: {failed.Reason}");
                    break;
                case Outcome.Made made:
                    terminal.Say($"{made.Input} -> {made.Output} ({made.Report.Method}, {made.Report.Elapsed.TotalSeconds:F1} s)");
                    foreach (string line in made.Report.Warnings.Select(static warning => $"  warning: {warning}").Prepend($"  {made.Report.Settings.GetValueOrDefault("why")}").Where(static line => line.Length > 2))
                    {
                        terminal.Say(line);
                    }

                    break;
            }
        }

        if (json)
        {
            Terminal.PrintJson(new DenoiseDocument([.. outcomes.Select(outcome => Entry(outcome, method))], run.Seed, Product.Version), Documents.Default.DenoiseDocument);
        }

        return Outcome.Summary(outcomes);
    }

    private Outcome.Made Denoise(string input, bool several, IDenoiser denoiser, ParseResult parsed, Terminal terminal, CancellationToken cancel)
    {
        string output = OutputFile.For(input, parsed.GetValue(_output), several);
        LoadedImage loaded = ImageFile.Read(input);
        OutputFile.RefuseExisting(output, parsed.GetValue(CommonOptions.Overwrite));
        _beside.RefuseExisting(output, parsed);
        OutputFile.MakeFolder(output);
        ImageFile.RefuseUnwritable(output, loaded.Info);

        Denoised denoised = terminal.WithProgress(progress => denoiser.Denoise(loaded.Image, progress, cancel));
        bool judged = MethodChoice.Find(parsed.GetValue(_method)!).ModelsNoise;
        NoiseEstimate? noise = judged || _beside.WantsNoise(parsed) ? NoiseEstimator.Estimate(loaded.Image) : null;
        IReadOnlyList<(string File, Image Differences)> beside = _beside.Of(output, loaded.Image, denoised.Image, noise, denoiser, parsed, cancel);
        Trust? trust = judged ? Judged(loaded.Image, denoised, noise!) : null;
        DenoiseReport report = denoised.Report with { Warnings = [.. denoised.Report.Warnings, .. trust?.Warnings ?? []] };
        cancel.ThrowIfCancellationRequested();
        long clipped = ImageFile.Write(output, loaded with { Image = denoised.Image });
        foreach ((string file, Image differences) in beside)
        {
            SideOutputs.Write(file, differences);
        }

        AtomicFile.WriteText(output + ".json", SidecarOf(input, report, trust, loaded.Image, denoised.Image));
        return new Outcome.Made(input, output, report, clipped);
    }

    /// <summary>Looks at what was taken out, where something was.</summary>
    private static Trust? Judged(Image noisy, Denoised denoised, NoiseEstimate noise) =>
        noise.Kind is NoiseKind.None or NoiseKind.Impulsive || denoised.Report.Settings.GetValueOrDefault("chosen") == "none" || denoised.Report.Settings.ContainsKey("strength")
            ? null
            : Trust.Of(noisy, denoised.Image, noise);

    private static TrustDocument? Document(Trust? trust, Image noisy, Image result) => trust is null
        ? null
        : new TrustDocument(
            trust.Removed, trust.Left, trust.ResidualCorrelation, trust.PValue, trust.DetailTaken, trust.TakenAtEdges, trust.PatternAdded, Resolution(noisy), Resolution(result));

    /// <summary>By Fourier ring correlation, in pixels; null where the picture is too small or too noisy to say.</summary>
    private static double? Resolution(Image image) =>
        Math.Min(image.Width, image.Height) >= 64 && FourierRingCorrelation.OfOne(image.Planes[0]).Resolution is double pixels && double.IsFinite(pixels) ? pixels : null;

    private static string SidecarOf(string input, DenoiseReport report, Trust? trust, Image noisy, Image result)
    {
        using FileStream file = File.OpenRead(input);
        var sidecar = new Sidecar(
            Product.Version,
            [.. Environment.GetCommandLineArgs().Skip(1).Prepend("klar")],
            report.Method,
            report.Settings,
            report.Seed,
            input,
            Convert.ToHexStringLower(SHA256.HashData(file)),
            report.SigmaEstimated is { } sigma ? new NoiseEstimateDocument(sigma * 255) : null,
            report.Warnings,
            Document(trust, noisy, result),
            report.Elapsed.TotalSeconds);
        return JsonSerializer.Serialize(sidecar, Documents.Default.Sidecar) + "\n";
    }

    private static DenoisedFile Entry(Outcome outcome, string method) => outcome switch
    {
        Outcome.Made made => new(
            made.Input, made.Output, method, made.Report.Elapsed.TotalSeconds, made.Report.SigmaEstimated * 255, made.Clipped, made.Report.Warnings, null),
        Outcome.Failed failed => new(failed.Input, null, method, null, null, null, [], failed.Reason),
        _ => throw new InvalidOperationException("An outcome is either made or failed."),
    };
}
