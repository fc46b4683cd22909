using System.Buffers.Binary;
using System.CommandLine;
using System.CommandLine.Completions;
using Klar.Catalogue;
using Klar.Cli.Batch;
using Klar.Cli.Training;
using Klar.Diagnostics;
using Klar.Formats;
using Klar.Imaging;
using Klar.Noise;
using Klar.Reports.Html;

namespace Klar.Cli;

/// <summary>One file through a method: read, denoised page by page, written with its sidecar. Shared by <c>denoise</c> and <c>batch</c>.</summary>
internal sealed class FileDenoising
{
    private readonly Option<string> _method = new("--method", "-m")
    {
        Description = "Method ('klar methods' lists them), or the file of a model that 'klar train' made",
        HelpName = "METHOD|MODEL.safetensors",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly Option<string> _warmStart = new("--warm-start")
    {
        Description = "Begin each training with the network of the file or page before: a tenth of the steps, for frames that follow each other",
        HelpName = "off|on",
        DefaultValueFactory = static _ => "off",
    };

    private readonly Option<string?> _axes = new("--axes") { Description = "What the pages of a stack are, where the file does not say or is wrong: TZCYX, or T10Z5YX with sizes", HelpName = "AXES" };
    private readonly Option<string[]> _select = new("--select")
    {
        Description = "Take only these pages of a stack, counted from 0, for example c=0,2 z=3-8",
        HelpName = "AXIS=PLACES",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Skip what a run with the same input and settings has done, "
            + "and go on with a stack at the page where it stopped",
    };

    private readonly Option<string?> _maxMemory = new("--max-memory")
    {
        Description = "The most memory to take; larger pages go through the method in tiles "
            + "(default: 4G, whatever the machine has)",
        HelpName = "SIZE",
    };

    private readonly MethodChoice _choice = new();
    private readonly SideOutputs _beside = new();

    public void AddTo(Command command)
    {
        _method.CompletionSources.Add(static _ => MethodCatalogue.All.Select(static method => new CompletionItem(method.Name)));
        command.Options.Add(_method);
        command.Options.Add(_warmStart);
        command.Options.Add(_axes);
        command.Options.Add(_select);
        command.Options.Add(SceneChoice.Option);
        command.Options.Add(_resume);
        command.Options.Add(_maxMemory);
        command.Options.Add(OutputType.Asked);
        command.Options.Add(MissingSamples.Option);
        _choice.AddTo(command);
        _beside.AddTo(command);
    }

    /// <summary>The method's name.</summary>
    public string Method(ParseResult parsed) => parsed.GetValue(_method)!;

    /// <summary>Every file that a run writes beside and with an output.</summary>
    public IEnumerable<string> Files(string output, ParseResult parsed) =>
        _beside.Files(output, parsed).Prepend(output);

    /// <summary>
    /// Refuses runs over several files in which one would replace what another made, or has yet to read.
    /// </summary>
    /// <exception cref="ExpectedTroubleException">There is such a file.</exception>
    public void RefuseLosses(IReadOnlyList<BatchFile> files, ParseResult parsed)
    {
        BatchFile[] written =
            [.. files.SelectMany(file => Files(file.Output, parsed).Select(output => file with { Output = output }))];
        _ = BatchFiles.Distinct(written);
        if (parsed.GetValue(CommonOptions.Overwrite))
        {
            BatchFiles.RefuseReplacedInputs(written);
        }
    }

    /// <summary>Whether runs go on where others stopped.</summary>
    public bool Resumes(ParseResult parsed) => parsed.GetValue(_resume);

    /// <summary>Makes sure that the command line can be followed, before any file is touched; returns the settings of the runs.</summary>
    public RunSettings Checked(ParseResult parsed)
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
        _ = _choice.Create(Method(parsed), parsed, run);
        _ = MemoryPlan.Parse(parsed.GetValue(_maxMemory));
        _ = OutputType.Checked(parsed);
        _ = MissingSamples.AreKept(parsed);
        _ = SceneChoice.IsAll(parsed) ? null : SceneChoice.Number(parsed);
        return run;
    }

    /// <summary>Options that contradict each other or have no effect, a line each.</summary>
    public IEnumerable<string> Contradictions(ParseResult parsed)
    {
        if (parsed.GetValue(_resume) && parsed.GetValue(CommonOptions.Overwrite))
        {
            yield return "--resume with --overwrite: what is done is kept, "
                + "and whatever else stands in a result's place is replaced";
        }

        if (parsed.GetValue(_resume) && parsed.GetValue(_warmStart) == "on")
        {
            yield return "--warm-start on: stacks begin anew under --resume, because a page depends on those before it";
        }

        foreach (string line in _choice.Contradictions([Method(parsed)], parsed))
        {
            yield return line;
        }
    }

    /// <summary>What the samples of a result depend on beside the input: version and options, each in a line.</summary>
    public string Request(ParseResult parsed)
    {
        string method = Method(parsed);
        string model = ModelFile.Is(method) ? Convert.ToHexString(SidecarFile.HashOf(method)) : method;
        return string.Join(
            '\n',
            [
                $"klar {Product.Version}",
                $"method={model}",
                $"seed={parsed.GetValue(CommonOptions.Seed)}",
                $"warm-start={parsed.GetValue(_warmStart)}",
                $"max-memory={parsed.GetValue(_maxMemory)}",
                $"axes={parsed.GetValue(_axes)}",
                $"select={string.Join(' ', parsed.GetValue(_select) ?? [])}",
                $"output-type={parsed.GetValue(OutputType.Asked)}",
                $"nan={parsed.GetValue(MissingSamples.Option)}",
                .. _choice.Chosen(parsed),
            ]);
    }

    /// <summary>The same for one of a file's images.</summary>
    private string Request(ParseResult parsed, int? scene) =>
        Request(parsed) + (scene is null ? string.Empty : $"\nscene={scene}");

    /// <summary>Whether <paramref name="output"/> is what this run would make of <paramref name="input"/>, as its sidecar tells.</summary>
    public bool IsDone(
        string input, string output, ParseResult parsed, int? scene, CancellationToken cancel) =>
        SidecarFile.Matches(output, input, Request(parsed, scene), cancel)
        && _beside.Files(output, parsed).All(File.Exists);

    /// <summary>Denoises a file.</summary>
    /// <param name="input">The file.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="scene">Which of the file's images; null for the only one.</param>
    /// <param name="parsed">The options.</param>
    /// <param name="run">What <see cref="Checked"/> returned.</param>
    /// <param name="terminal">For progress.</param>
    /// <param name="cancel">Ends it.</param>
    /// <param name="named">What the input is called in the sidecar, where that is not its path.</param>
    public Outcome Run(
        string input, string output, int? scene, ParseResult parsed, RunSettings run, Terminal terminal,
        CancellationToken cancel, string? named = null)
    {
        DateTime written = WrittenAt(input);
        using ImageStack stack = ImageStack.Open(input, scene, cancel);
        bool resume = parsed.GetValue(_resume);
        OutputRights.RefuseInside(input, output);
        OutputFile.MakeFolder(output);
        using FileLock? own = FileLock.Take(output, out string owner);
        if (own is null)
        {
            return new Outcome.Elsewhere(input, owner);
        }

        if (resume && IsDone(input, output, parsed, scene, cancel))
        {
            return new Outcome.Made(input, output, new DenoiseReport(Method(parsed), new Dictionary<string, string>(), run.Seed, TimeSpan.Zero), 0) { Skipped = true };
        }

        OutputRights.Refuse(
            input, output, _beside.Files(output, parsed), own, parsed.GetValue(CommonOptions.Overwrite), resume,
            cancel);
        byte[] hash = SidecarFile.HashOf(input, cancel);
        if (WrittenAt(input) != written)
        {
            throw Changed();
        }

        StackAxes axes = PageSelection.Axes(stack, parsed.GetValue(_axes));
        IReadOnlyList<int> pages = PageSelection.Pages(axes, parsed.GetValue(_select) ?? []);
        var outputs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using IDisposable watch = AtomicFile.Watch((file, unfinished) =>
        {
            string sha256 = Convert.ToHexStringLower(SidecarFile.HashOf(unfinished, cancel));
            own.Note(file, sha256);
            outputs[Path.GetFileName(file)] = sha256;
        });
        try
        {
            Outcome.Made made = stack.Pages == 1
                ? Single(stack, named ?? input, output, outputs, hash, parsed, run, terminal, cancel)
                : Pages(stack, named ?? input, axes, pages, output, outputs, hash, parsed, run, terminal, cancel);
            return made with { Note = Notes(stack, axes) };
        }
        catch
        {
            // Without its sidecar, for which there was no room perhaps, a result would stand in the way of the next
            // run.
            foreach (string made in Files(output, parsed)
                .Where(file => OutputRights.Is(file, outputs.GetValueOrDefault(Path.GetFileName(file)))))
            {
                File.Delete(made);
            }

            throw;
        }
    }

    private static string? Notes(ImageStack stack, StackAxes axes) =>
        stack.Warning ?? (axes.IsUnknown ? "nothing says what the pages are (--axes names them): each was taken for itself, and their noise as one" : null);

    private Outcome.Made Single(
        ImageStack stack, string named, string output, SortedDictionary<string, string> outputs, byte[] hash,
        ParseResult parsed, RunSettings run, Terminal terminal, CancellationToken cancel)
    {
        ImageFile.RefuseUnwritable(
            output, stack.Info with { SampleType = OutputType.Checked(parsed) ?? stack.Info.SampleType });
        MemoryPlan plan = Plan(stack, parsed, terminal);
        run = run with { Threads = plan.Threads };
        LoadedImage loaded = stack.Read(0);
        _choice.RefuseImpossibleNoise(parsed, loaded.Image.Scale);
        (Image picture, int missing) = MissingSamples.Without(loaded.Image, parsed);
        bool judged = MethodChoice.IsJudged(Method(parsed));
        bool dependsOnNoise = OutputType.DependsOnNoise(parsed, Method(parsed), stack.Info);

        // A type that is asked for and will not do is refused before any work.
        var type = OutputType.Of(parsed, output, stack.Info, picture.Scale, []);

        // Of a page that is too large for the method, parts are measured and judged.
        StackStatistics? parts = plan.TileSide is null ? null : LargePage.Parts(picture);
        RunSettings ofPage = run with { Stack = parts };
        IDenoiser denoiser = parts is null
            ? _choice.Create(Method(parsed), parsed, ofPage)
            : Tiled(parsed, ofPage, Trained(parsed, ofPage, cancel), plan);
        Denoised denoised = terminal.WithProgress(
            progress => MissingSamples.Around(denoiser, judged, parsed).Denoise(loaded.Image, progress, cancel));
        Image whole = MissingSamples.FilledFrom(picture, denoised.Image);
        (Image noisy, Image result) = parts is null
            ? (picture, whole)
            : (LargePage.Centre(picture), LargePage.Centre(whole));
        NoiseEstimate? noise = judged || dependsOnNoise || _beside.WantsNoise(parsed)
            ? parts?.Noise ?? NoiseEstimator.Estimate(picture, cancel)
            : null;
        type = dependsOnNoise ? OutputType.Of(parsed, output, stack.Info, picture.Scale, [noise!]) : type;
        IReadOnlyList<(string File, Image Differences)> beside =
            _beside.Of(output, picture, whole, noise, denoiser, parsed, cancel);
        Trust? trust = judged ? Judged(noisy, denoised with { Image = result }, noise!) : null;
        IReadOnlyList<string> judgement = TrustWarnings.Of(trust, noise, noisy, result);
        DenoiseReport report = denoised.Report with
        {
            Warnings =
            [
                .. denoised.Report.Warnings, .. OfModel(parsed, noise, noisy), .. judgement,
                .. OfSamples(type, missing),
            ],
        };
        cancel.ThrowIfCancellationRequested();
        RefuseChanged(stack.Path, hash, cancel);
        string? description = stack.DescriptionFor(output, NoteOf(report), type.Type);
        long clipped = ImageFile.Write(output, loaded with { Image = denoised.Image }, description, type.Type, cancel);
        WriteBeside(beside, output, stack.Path, noisy, new Denoised(result, report), noise, trust, parsed, run);
        SidecarFile.Write(
            output, named, hash, Request(parsed, stack.Scene), report, SidecarFile.Document(trust, noisy, result),
            stack: null, type.Type, outputs);
        return new Outcome.Made(stack.Path, output, report, clipped);
    }

    private Outcome.Made Pages(
        ImageStack stack, string named, StackAxes axes, IReadOnlyList<int> pages, string output,
        SortedDictionary<string, string> outputs, byte[] hash, ParseResult parsed, RunSettings run, Terminal terminal,
        CancellationToken cancel)
    {
        if (_beside.IsAsked(parsed) && pages.Count > 1)
        {
            throw ExpectedTroubleException.Usage($"--residual, --uncertainty and --report are for single pages, and of {stack.Path} {pages.Count} are taken (--select picks one)");
        }

        MemoryPlan plan = Plan(stack, parsed, terminal);
        run = run with { Threads = plan.Threads };
        string request = Request(parsed, stack.Scene);
        StackResult.RefuseUnwritable(output, stack, pages.Count, OutputType.Checked(parsed));
        long start = run.Clock.GetTimestamp();
        SampleScale scale = stack.Scale(pages);
        _choice.RefuseImpossibleNoise(parsed, scale);
        ulong content = BinaryPrimitives.ReadUInt64LittleEndian(hash);

        // What the pages of a channel have in common is found once, when its first page comes: noise, what auto
        // decides, and, for pages that go in tiles, networks.
        var channels = pages.GroupBy(page => axes.PlaceOf(page, 'C')).ToDictionary(
            static channel => channel.Key,
            channel => new Lazy<(StackStatistics Statistics, WarmStart? Networks)>(() =>
            {
                StackStatistics statistics = ChannelStatistics.Of(
                    stack, [.. channel], scale, plan.TileSide is not null,
                    image => MissingSamples.Without(image, parsed).Picture);
                WarmStart? networks = plan.TileSide is null
                    ? null
                    : Trained(parsed, run.ForPage(content, channel.First()) with { Stack = statistics }, cancel);
                return (statistics, networks);
            }));
        bool judged = MethodChoice.IsJudged(Method(parsed));
        bool dependsOnNoise = OutputType.DependsOnNoise(parsed, Method(parsed), stack.Info);
        IEnumerable<NoiseEstimate> noises =
            dependsOnNoise ? channels.Values.Select(static channel => channel.Value.Statistics.Noise) : [];
        var type = OutputType.Of(parsed, output, stack.Info, scale, noises);
        string key = $"{Convert.ToHexStringLower(hash)}\n{request}";
        bool goesOn = parsed.GetValue(_resume) && run.WarmStart is null;
        using StackResult result = StackResult.Open(output, stack, axes, pages, key, goesOn, type.Type);
        long missing = 0;
        var reports = new List<DenoiseReport>();
        Trust? trust = null;
        IReadOnlyList<string> ofModel = [], judgement = [];
        TrustDocument? document = null;
        Action<DenoiseReport> writeBeside = static _ => { };
        try
        {
            _ = terminal.WithProgress(progress =>
            {
                for (int i = result.Done; i < pages.Count; i++)
                {
                    LoadedImage loaded = stack.Read(pages[i], scale);
                    (Image picture, int without) = MissingSamples.Without(loaded.Image, parsed);
                    missing += without;
                    (StackStatistics Statistics, WarmStart? Networks)? channel = judged || plan.TileSide is not null ? channels[axes.PlaceOf(pages[i], 'C')].Value : null;
                    RunSettings ofPage = run.ForPage(content, pages[i]) with { Stack = channel?.Statistics };
                    IDenoiser denoiser = channel?.Networks is { } networks ? Tiled(parsed, ofPage, networks, plan) : _choice.Create(Method(parsed), parsed, ofPage);
                    Denoised denoised = MissingSamples.Around(denoiser, judged, parsed)
                        .Denoise(loaded.Image, PartProgress.Of(progress, "page", i, pages.Count), cancel);
                    if ((judged || _beside.IsAsked(parsed)) && i == pages.Count / 2)
                    {
                        Image whole = MissingSamples.FilledFrom(picture, denoised.Image);
                        (Image noisy, Image page) = plan.TileSide is null
                            ? (picture, whole)
                            : (LargePage.Centre(picture), LargePage.Centre(whole));
                        NoiseEstimate noise = NoiseEstimator.Estimate(noisy, cancel);
                        trust = judged ? Judged(noisy, denoised with { Image = page }, noise) : null;
                        ofModel = OfModel(parsed, noise, noisy);
                        judgement = TrustWarnings.Of(trust, noise, noisy, page);
                        document = SidecarFile.Document(trust, noisy, page);
                        IReadOnlyList<(string, Image)> beside =
                            _beside.Of(output, picture, whole, noise, denoiser, parsed, cancel);
                        writeBeside = report => WriteBeside(beside, output, stack.Path, noisy, new Denoised(page, report), noise, trust, parsed, run);
                    }

                    reports.Add(denoised.Report);
                    result.Add(loaded with { Image = denoised.Image });
                }

                return true;
            });
        }
        catch (OperationCanceledException)
        {
            terminal.Say($"{stack.Path}: stopped after page {result.Done} of {pages.Count}{(run.WarmStart is null ? " (--resume goes on there)" : string.Empty)}");
            throw;
        }
        catch (Exception trouble) when (Outcome.IsExpected(trouble) || trouble is ExpectedTroubleException)
        {
            result.Abandon();
            throw;
        }

        DenoiseReport first = reports.FirstOrDefault() ?? new DenoiseReport(Method(parsed), new Dictionary<string, string>(), run.Seed, TimeSpan.Zero);
        DenoiseReport report = first with
        {
            Seed = run.Seed,
            Elapsed = run.Clock.GetElapsedTime(start),
            Warnings =
            [
                .. reports.SelectMany(static page => page.Warnings)
                    .Concat(ofModel)
                    .Concat(judgement)
                    .Concat(OfSamples(type, missing))
                    .Distinct(),
            ],
        };
        try
        {
            RefuseChanged(stack.Path, hash, cancel);
            result.Finish(NoteOf(report));
        }
        catch (Exception trouble) when (Outcome.IsExpected(trouble))
        {
            result.Abandon();
            throw;
        }

        writeBeside(report);
        var pagesWritten = new StackDocument(axes.Order + "YX", pages.Count, axes.Source);
        SidecarFile.Write(output, named, hash, request, report, document, pagesWritten, type.Type, outputs);
        return new Outcome.Made(stack.Path, output, report, result.Clipped) { Pages = pages.Count };
    }

    /// <summary>Writes what was asked for beside a result, once that is there.</summary>
    private void WriteBeside(
        IReadOnlyList<(string File, Image Differences)> beside, string output, string input, Image noisy, Denoised denoised, NoiseEstimate? noise, Trust? trust, ParseResult parsed, RunSettings run)
    {
        foreach ((string file, Image differences) in beside)
        {
            SideOutputs.Write(file, differences);
        }

        if (_beside.WantsReport(parsed))
        {
            DenoisingReport.Write(SideOutputs.ReportOf(output), input, noisy, denoised, noise!, trust, Product.Run(run));
        }
    }

    /// <summary>How much memory the pages will take, said where that was asked.</summary>
    private MemoryPlan Plan(ImageStack stack, ParseResult parsed, Terminal terminal)
    {
        var plan = MemoryPlan.For(Method(parsed), stack.Info.Width, stack.Info.Height, stack.Info.Channels, MemoryPlan.Parse(parsed.GetValue(_maxMemory)), CommonOptions.Run(parsed).Threads);
        if (parsed.GetValue(_maxMemory) is not null || plan.TileSide is not null)
        {
            terminal.Say($"{stack.Path}: about {MemoryPlan.Text(plan.Bytes)} of memory{(plan.TileSide is { } side ? $", in tiles of {side} x {side}" : string.Empty)}");
        }

        return plan;
    }

    /// <summary>The networks of a method, trained on the middle of what the noise was measured on.</summary>
    private WarmStart Trained(ParseResult parsed, RunSettings run, CancellationToken cancel)
    {
        WarmStart trained = run.WarmStart ?? new WarmStart();
        _ = _choice.Create(Method(parsed), parsed, run with { WarmStart = trained }).Denoise(run.Stack!.Middle, cancel: cancel);
        return trained;
    }

    /// <summary>The method for a page that is too large for it, in tiles, with networks that are not trained any more.</summary>
    private TiledDenoiser Tiled(ParseResult parsed, RunSettings run, WarmStart networks, MemoryPlan plan) =>
        new(_choice.Create(Method(parsed), parsed, run with { WarmStart = networks.Frozen() }), plan.TileSide!.Value, MemoryPlan.Margin, MemoryPlan.Blend);

    /// <summary>A warning where a model was trained on other noise.</summary>
    private IReadOnlyList<string> OfModel(ParseResult parsed, NoiseEstimate? noise, Image noisy) =>
        noise is not null && _choice.Model(Method(parsed)) is { } model && ModelFile.Warning(model, noise, noisy.Scale) is { } warning ? [warning] : [];

    /// <summary>What became of the sample type and of samples that are none.</summary>
    private static IEnumerable<string> OfSamples(OutputType type, long missing) =>
        new[] { type.Warning, MissingSamples.Warning(missing) }.OfType<string>();

    private static string NoteOf(DenoiseReport report) => $"Denoised with Klar {Product.Version}: {report.Method}, seed {report.Seed}";

    /// <summary>Looks at what was taken out, where something was.</summary>
    private static Trust? Judged(Image noisy, Denoised denoised, NoiseEstimate noise) =>
        noise.Kind is NoiseKind.None or NoiseKind.Impulsive || denoised.Report.Settings.GetValueOrDefault("chosen") == "none" || denoised.Report.Settings.ContainsKey("strength")
            ? null
            : Trust.Of(noisy, denoised.Image, noise);

    /// <exception cref="BadImageFileException">The file is not what it was when it was opened.</exception>
    private static void RefuseChanged(string input, byte[] hash, CancellationToken cancel)
    {
        if (!SidecarFile.HashOf(input, cancel).AsSpan().SequenceEqual(hash))
        {
            throw Changed();
        }
    }

    private static BadImageFileException Changed() => new("the file was changed while it was read");

    private static DateTime WrittenAt(string input) => File.GetLastWriteTimeUtc(OutputRights.RealPath(input));
}
