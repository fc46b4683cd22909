using System.Buffers.Binary;

namespace Klar.Formats.Denoising;

/// <summary>
/// Runs a request over an open file of one or many pages: measured, denoised page by page, judged, and written when all
/// is done. A single page is a stack of one.
/// </summary>
internal sealed class FileDenoiser
{
    private readonly ImageStack _stack;
    private readonly string _output;
    private readonly DenoiseRequest _request;
    private readonly byte[] _hash;
    private readonly CancellationToken _cancel;
    private PagesAtOneLevel? _levels;

    /// <param name="stack">The file.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="request">What is to be done.</param>
    /// <param name="hash">The SHA-256 of the file: it is refused if it changes while it is read.</param>
    /// <param name="cancel">Ends the work; what is done of a stack stays in its unfinished file.</param>
    /// <exception cref="InvalidRequestException">The file does not have what is asked for.</exception>
    /// <exception cref="InsufficientMemoryException">It takes more memory than there is.</exception>
    public FileDenoiser(
        ImageStack stack, string output, DenoiseRequest request, byte[] hash, CancellationToken cancel)
    {
        (_stack, _output, _request, _hash, _cancel) = (stack, output, request, hash, cancel);
        Axes = PageSelection.Axes(stack, request.Axes);
        Pages = PageSelection.Pages(Axes, request.Select);
        StackResult.RefuseUnwritable(output, stack, Pages.Count, OutputType.Asked(request));
        Plan = MemoryPlan.For(
            request.Method.Name, request.Method.Memory, stack.Info.Width, stack.Info.Height, stack.Info.Channels,
            request.MaxMemory, request.Run.Threads);
    }

    /// <summary>What the file's pages are.</summary>
    public StackAxes Axes { get; }

    /// <summary>The numbers of those that are denoised.</summary>
    public IReadOnlyList<int> Pages { get; }

    /// <summary>How much memory they will take, and in what tiles.</summary>
    public MemoryPlan Plan { get; }

    /// <summary>Pages that are done.</summary>
    public int Done { get; private set; }

    /// <summary>Whether the file has more than one page.</summary>
    public bool IsStack => _stack.Pages > 1;

    private int Middle => Pages.Count / 2;

    private bool IsLarge => Plan.TileSide is not null;

    /// <summary>Denoises all pages and writes the result and what is asked for beside it.</summary>
    /// <exception cref="IOException">The file is damaged, or the result cannot be written.</exception>
    /// <exception cref="InvalidRequestException">The file cannot have the noise that was given.</exception>
    public FileResult Run(IProgress<DenoiseProgress>? progress = null)
    {
        long start = _request.Run.Clock.GetTimestamp();
        _stack.KeepDecoded(IsStack ? Plan.RoomForPages(_request.MaxMemory) : long.MaxValue);
        SampleScale scale = _stack.Scale(Pages);
        NoiseLimits.Refuse(_request.Method.SigmaGreyLevels, _request.Method.Handling.Known, scale);
        ulong content = BinaryPrimitives.ReadUInt64LittleEndian(_hash);
        _levels = new PagesAtOneLevel(
            Axes, _request.Drift, page => MissingSamples.Without(_stack.Read(page, scale).Image, _request), _cancel);
        var pages = new PageDenoiser(_stack, Axes, Pages, scale, _request, Plan, content, _cancel);

        // A type that is asked for and will not do is refused before any work.
        bool dependsOnNoise = OutputType.DependsOnNoise(_request, _stack.Info);
        var type = OutputType.Of(
            _request, _output, _stack.Info, scale, dependsOnNoise && IsStack ? pages.Noises : []);
        using IPageSink result = Open(_output, type.Type, isSide: false);
        using var beside = new SideOutputs(
            _output, _request, file => Open(file, SampleType.Float32, isSide: true), _cancel);
        IPageSink[] sinks = [result, .. beside.Sinks];
        try
        {
            (List<DenoiseReport> reports, JudgedPage? judged, long missing) =
                DenoiseAll(pages, scale, sinks, beside, progress);
            if (result is SinglePage single && dependsOnNoise)
            {
                type = OutputType.Of(_request, _output, _stack.Info, scale, [judged!.Noise]);
                single.Type = type.Type;
            }

            string?[] ofSamples = [type.Warning, MissingSamples.Warning(missing)];
            IEnumerable<string> ofPage = judged?.Warnings(_request) ?? [];
            DenoiseReport report = Together(reports, start) with
            {
                Warnings =
                [
                    .. reports.SelectMany(static page => page.Warnings)
                        .Concat(ofPage)
                        .Concat(ofSamples.OfType<string>())
                        .Distinct(),
                ],
            };
            _cancel.ThrowIfCancellationRequested();
            FileHash.RefuseChanged(_stack.Path, _hash, _cancel);
            foreach (IPageSink sink in sinks)
            {
                sink.Finish($"Denoised with Klar {_request.Version}: {report.Method}, seed {report.Seed}");
            }

            return new FileResult(report, type.Type, Pages.Count, result.Clipped, judged);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            foreach (IPageSink sink in sinks)
            {
                sink.Abandon();
            }

            throw;
        }
    }

    private (List<DenoiseReport> Reports, JudgedPage? Judged, long Missing) DenoiseAll(
        PageDenoiser pages, SampleScale scale, IPageSink[] sinks, SideOutputs beside,
        IProgress<DenoiseProgress>? progress)
    {
        var reports = new List<DenoiseReport>();
        JudgedPage? judged = null;
        long missing = 0;
        for (int i = Resume(sinks); i < Pages.Count; i++)
        {
            LoadedImage loaded = _stack.Read(Pages[i], scale);
            missing += _request.KeepsNonFinite ? MissingSamples.CountIn(loaded.Image) : 0;
            DenoisedPage page = pages.Denoise(
                Pages[i], loaded, PartProgress.Of(progress, "page", i, Pages.Count));
            reports.Add(page.Denoised.Report);
            if (i == Middle && NeedsJudgement)
            {
                judged = JudgedPage.Of(
                    _request, page.Number, page.Noisy, page.Result, page.Denoised.Report, pages.NoiseOf(page), IsLarge);
            }

            beside.Add(loaded, page.Noisy, page.Result, () => pages.NoiseOf(page), page.Method);
            sinks[0].Add(loaded with { Image = _levels!.Of(page.Number, page.Denoised.Image) });
            Done = i + 1;
        }

        return (reports, judged ?? JudgedAgain(pages, scale, sinks[0]), missing);
    }

    /// <summary>Whether a page is looked at.</summary>
    private bool NeedsJudgement => _request.Method.ModelsNoise
        || _request.WritesReport
        || _request.WritesUncertainty
        || (!IsStack && OutputType.DependsOnNoise(_request, _stack.Info));

    /// <summary>The page in the middle where a run before this one denoised it.</summary>
    private JudgedPage? JudgedAgain(PageDenoiser pages, SampleScale scale, IPageSink result)
    {
        if (!NeedsJudgement || result is not StackResult kept)
        {
            return null;
        }

        Image noisy = MissingSamples.Without(_stack.Read(Pages[Middle], scale).Image, _request);
        Image denoised = MissingSamples.FilledFrom(
            noisy, _levels!.Restored(Pages[Middle], kept.Kept(Middle, scale)));
        var report = new DenoiseReport(
            _request.Method.Name, new Dictionary<string, string>(), _request.Run.Seed, TimeSpan.Zero);
        return JudgedPage.Of(
            _request, Pages[Middle], noisy, denoised, report, pages.NoiseOf(Pages[Middle])!, IsLarge);
    }

    /// <summary>The first page that is not done in all files.</summary>
    private int Resume(IPageSink[] sinks)
    {
        Done = sinks.Min(static sink => sink.Done);
        foreach (StackResult sink in sinks.OfType<StackResult>())
        {
            sink.KeepFirst(Done);
        }

        return Done;
    }

    private IPageSink Open(string file, SampleType type, bool isSide)
    {
        WriteOptions options = isSide ? WriteOptions.AsSource : _request.Write;
        if (!IsStack)
        {
            return new SinglePage(file, _stack) { Type = type, IsPlain = isSide, Options = options };
        }

        // A page that begins with the network of the page before depends on it.
        bool goesOn = _request.Resumes && _request.Run.WarmStart is null;
        string key = $"{Convert.ToHexStringLower(_hash)}\n{_request.KeyOfScene}";
        return StackResult.Open(file, _stack, Axes, Pages, key, goesOn, type, options);
    }

    /// <summary>The report of the one page, or what holds for all pages.</summary>
    private DenoiseReport Together(List<DenoiseReport> reports, long start)
    {
        RunSettings run = _request.Run;
        DenoiseReport first = reports.FirstOrDefault() ?? new DenoiseReport(
            _request.Method.Name, new Dictionary<string, string>(), run.Seed, TimeSpan.Zero);
        if (!IsStack)
        {
            return first;
        }

        // The first page has neighbours on one side only.
        string? across = reports.Count == 0 ? null : reports[reports.Count / 2].Settings.GetValueOrDefault("across");
        DenoiseReport all = across is null ? first : first.With("across", across);
        all = _request.Drift == DriftHandling.Auto
            ? all
            : all.With("drift", _request.Drift.ToString().ToLowerInvariant());
        return all with { Seed = run.Seed, Elapsed = run.Clock.GetElapsedTime(start) };
    }
}
