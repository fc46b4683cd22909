using Klar.Catalogue;
using Klar.Noise;
using Klar.Noise.Structured;

namespace Klar.Formats.Denoising;

/// <summary>
/// The one place where a page of a file is denoised, with its neighbours at hand. What the pages of a channel have in
/// common is found when the first of them comes.
/// </summary>
internal sealed class PageDenoiser
{
    private readonly ImageStack _stack;
    private readonly StackAxes _axes;
    private readonly SampleScale _scale;
    private readonly DenoiseRequest _request;
    private readonly MemoryPlan _plan;
    private readonly RunSettings _run;
    private readonly ulong _content;
    private readonly CancellationToken _cancel;
    private readonly Dictionary<int, Lazy<ChannelContext>> _channels;
    private readonly PageSequences _sequences;

    /// <param name="stack">The file.</param>
    /// <param name="axes">What its pages are.</param>
    /// <param name="pages">Those that are denoised.</param>
    /// <param name="scale">Their scale.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="plan">Tiles and threads.</param>
    /// <param name="content">A number that stands for the file's content.</param>
    /// <param name="cancel">Ends the work.</param>
    public PageDenoiser(
        ImageStack stack, StackAxes axes, IReadOnlyList<int> pages, SampleScale scale, DenoiseRequest request,
        MemoryPlan plan, ulong content, CancellationToken cancel)
    {
        (_stack, _axes, _scale, _request, _plan) = (stack, axes, scale, request, plan);
        (_content, _cancel) = (content, cancel);
        _run = request.Run with { Threads = plan.Threads };
        _sequences = new PageSequences(stack, axes, scale, request, plan);
        _channels = pages.GroupBy(ChannelOf).ToDictionary(
            static channel => channel.Key,
            channel => new Lazy<ChannelContext>(() => ContextOf([.. channel])));
    }

    /// <summary>The noise of each channel.</summary>
    public IEnumerable<NoiseEstimate> Noises =>
        _channels.Values.Select(static channel => channel.Value.Statistics?.Noise).OfType<NoiseEstimate>();

    private bool StandsAlone => _stack.Pages == 1;

    private bool IsTiled => _plan.TileSide is not null;

    /// <summary>The noise of a page: that of its channel, or its own where it stands alone.</summary>
    public NoiseEstimate NoiseOf(DenoisedPage page) =>
        NoiseOf(page.Number) ?? page.Denoised.Report.Noise ?? NoiseEstimator.Estimate(
            page.Denoised.Report.Stripes?.RemovedFrom(page.Noisy) ?? page.Noisy, _cancel);

    /// <summary>The noise of a page's channel; null where it stands alone.</summary>
    public NoiseEstimate? NoiseOf(int page) => _channels[ChannelOf(page)].Value.Statistics?.Noise;

    /// <summary>Denoises a page.</summary>
    /// <param name="page">Its number.</param>
    /// <param name="loaded">The page as it was read, with NaN and infinity where the file has them.</param>
    /// <param name="progress">How far it is.</param>
    public DenoisedPage Denoise(int page, LoadedImage loaded, IProgress<DenoiseProgress>? progress)
    {
        Image noisy = MissingSamples.Without(loaded.Image, _request);
        IDenoiser method = MethodFor(page);
        Denoised denoised = _sequences.Of(page) is var (sequence, place)
            ? sequence.Denoise(place, InStack(page), progress, _cancel)
            : MissingSamples.Around(method, _request).Denoise(loaded.Image, progress, _cancel);
        Image whole = _request.KeepsNonFinite
            ? MissingSamples.FilledFrom(noisy, denoised.Image)
            : denoised.Image;
        return new DenoisedPage(page, loaded, WithoutPattern(noisy), denoised, whole, method);
    }

    private IDenoiser MethodFor(int page)
    {
        RunSettings ofPage = SettingsOf(page);
        if (!_request.Method.ModelsNoise && !IsTiled)
        {
            return _request.Method.Create(ofPage);
        }

        ChannelContext channel = ChannelContextOf(page);
        ofPage = ofPage with { Stack = channel.Statistics };
        if (channel.Networks is not { } networks)
        {
            return _request.Method.Create(ofPage);
        }

        // A line goes through all tiles.
        MethodRequest ofTile = _request.Method with { Stripes = StripeHandling.Off, FixedPattern = null };
        var tiled = new TiledDenoiser(
            ofTile.Create(ofPage with { WarmStart = networks.Frozen() }),
            _plan.TileSide!.Value, MemoryPlan.Margin, MemoryPlan.Blend);
        return _request.Method.AroundAll(tiled);
    }

    private RunSettings InStack(int page) => SettingsOf(page) with { Stack = ChannelContextOf(page).Statistics };

    private ChannelContext ChannelContextOf(int page) => _channels[ChannelOf(page)].Value;

    private int ChannelOf(int page) => _axes.PlaceOf(page, 'C');

    /// <summary>The settings of a page: one that stands alone draws from the seed itself.</summary>
    private RunSettings SettingsOf(int page) => StandsAlone ? _run : _run.ForPage(_content, page);

    private ChannelContext ContextOf(IReadOnlyList<int> pages)
    {
        if (StandsAlone && !IsTiled)
        {
            return new ChannelContext(null, null);
        }

        StackStatistics statistics = ChannelStatistics.Of(
            _stack, pages, _scale, IsTiled, WithoutStripes);
        return new ChannelContext(statistics, IsTiled ? Trained(pages[0], statistics) : null);
    }

    private Image WithoutPattern(Image page) => _request.Method.FixedPattern?.RemovedFrom(page) ?? page;

    /// <summary>What is measured: the noise that a method meets.</summary>
    private Image WithoutStripes(Image page)
    {
        Image finite = WithoutPattern(MissingSamples.Without(page, _request));
        return StripeNoise.Of(finite, _request.Method.Stripes, _cancel).RemovedFrom(finite);
    }

    /// <summary>The networks of a method, trained on the middle of what the noise was measured on.</summary>
    private WarmStart Trained(int firstPage, StackStatistics statistics)
    {
        WarmStart trained = _run.WarmStart ?? new WarmStart();
        RunSettings run = SettingsOf(firstPage) with { Stack = statistics, WarmStart = trained };
        MethodRequest bare = _request.Method with { Stripes = StripeHandling.Off, FixedPattern = null };
        _ = bare.Create(run).Denoise(statistics.Middle, cancel: _cancel);
        return trained;
    }
}
