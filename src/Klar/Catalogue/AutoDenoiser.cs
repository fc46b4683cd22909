using System.Globalization;
using Klar.Diagnostics;
using Klar.Imaging;
using Klar.Noise;

namespace Klar;

/// <summary>
/// Chooses: measures the noise, estimates on the image itself what patches and what a plain blur would reach, and
/// takes what is safe. The report's setting
/// <c>why</c> says in a sentence what was chosen and for what reason.
/// </summary>
/// <param name="options">The time it may take.</param>
/// <param name="handling">What to assume of the noise, and what to leave to the estimate.</param>
/// <param name="run">Threads, seed and clock.</param>
public sealed class AutoDenoiser(AutoOptions? options = null, NoiseHandling? handling = null, RunSettings? run = null)
    : IDenoiser
{
    // Noise below this share of the picture's contrast is not seen, unless it is stronger where the picture is bright,
    // and there of the second share.
    private const double MinVisible = 0.01;
    private const double MinVisibleWhereBright = 0.02;

    // Of real noise patches take out more than this in most places; what they keep back more of is texture
    // (docs/algorithms/auto.md).
    private const double MinTakenOut = 0.4;

    // What lies as evenly as noise does is noise, whatever is taken out of it; what lies only in some places is not,
    // unless nearly all of it is taken out.
    private const double Even = 0.6;
    private const double Uneven = 0.4;
    private const double NearlyAll = 0.7;

    // Estimated risks differ by about as much by chance.
    private const double MinLead = 0.02;

    // In photographs a blur takes detail out that these estimates do not see.
    private const double MinLeadInPhotographs = 0.1;

    // A picture with more of its samples at black and white has strokes, not impulses.
    private const double MaxBlackAndWhite = 0.9;

    // With a greater share of masked samples it matters where a part is taken, if one of that side is left.
    private const double MinMasked = 0.02;
    private const int MinPart = 48;

    // Where the noise is cut off in more of the picture than the rest of this, what is left says nothing of it.
    private const double MinJudged = 0.3;

    // A part this large shows what a method reaches.
    private const int ScoredSide = 640;

    // Gaussian blurs that patches are compared with, in pixels.
    private static readonly float[] Blurs = [0.6f, 1, 1.5f, 2.2f, 3, 4.5f];

    // Pictures of 8 bits are photographs as often as micrographs: there a blur of another width is no safe choice;
    // unless the noise was measured in the blocks of a JPEG.
    private static readonly float[] OneBlur = [1];

    // Parts of a mixture below this are left out.
    private const double MinShare = 0.01;

    private readonly AutoOptions _options = options ?? new();
    private readonly NoiseHandling _handling = handling ?? new();
    private readonly RunSettings _run = run ?? new();

    private enum Choice
    {
        Nothing,
        Repaired,
        Klar,
        KlarAndBlur,
    }

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        Require.Finite(noisy);
        cancel.ThrowIfCancellationRequested();
        long start = _run.Clock.GetTimestamp();
        IReadOnlyList<Mask?> masks = ConstantAreas.Of(noisy, cancel);
        (Image repaired, IReadOnlyList<int>[] stuck, int columns) = Repaired(noisy, masks, cancel);
        Decision decision = _run.Stack is { } stack
            ? stack.Decided((_options, _handling), middle => Chosen(middle, cancel))
            : Chosen(noisy, repaired, stuck, columns, masks, cancel);
        (Choice choice, NoiseEstimate? noise) = (decision.Choice, decision.Noise);
        Denoised result = choice switch
        {
            Choice.Nothing => new Denoised(noisy, new DenoiseReport("none", Settings.Of(), _run.Seed, default)),
            Choice.Repaired =>
                new Denoised(repaired, new DenoiseReport("hot-pixel repair", Settings.Of(), _run.Seed, default)),
            _ => Klar(noise).Denoise(repaired, progress, cancel),
        };

        // A blur of one page brings back noise that its neighbours took out.
        bool blurs = choice == Choice.KlarAndBlur && _run.Pages is null;
        if (blurs)
        {
            Image filled = MaskFill.Filled(repaired, masks, cancel);
            double sum = 1 - decision.Blurs.Sum(static part => part.Share);
            foreach ((float width, double share) in decision.Blurs)
            {
                sum += share;
                Image smooth = Blur(width).Denoise(filled, cancel: cancel).Image;
                result = result with { Image = Mixed(result.Image, smooth, (float)(share / sum)) };
            }
        }

        result = MaskedDenoiser.Restored(result, noisy, masks);
        progress?.Report(new DenoiseProgress("denoising", 1));
        return result with
        {
            Report = result.Report
                .With("steps", result.Report.Settings.GetValueOrDefault("steps", "0"))
                .With("effort", _options.Effort.ToString().ToLowerInvariant())
                .With("hot-pixels", _options.HotPixels ? $"auto ({Repairs()})" : "off")
                .With("chosen", blurs ? "klar and gaussian" : result.Report.Method)
                .With("why", decision.Why) with
            {
                Method = "auto",
                Elapsed = _run.Clock.GetElapsedTime(start),
                SigmaEstimated = result.Report.SigmaEstimated ?? (float?)noise?.Sigma,
                Noise = decision.AsItIs,
            },
        };

        string Repairs() => choice == Choice.Nothing
            ? HotPixelRepair.Text(0, 0)
            : HotPixelRepair.Text(stuck.Sum(static list => list.Count), columns);
    }

    /// <summary>What is done, and why.</summary>
    private sealed record Decision(
        Choice Choice, IReadOnlyList<(float Width, double Share)> Blurs, string Why, NoiseEstimate? Noise,
        NoiseEstimate? AsItIs)
    {
        public Decision(Choice choice, string why, NoiseEstimate? noise, NoiseEstimate? asItIs)
            : this(choice, [], why, noise, asItIs)
        {
        }
    }

    private Decision Chosen(Image noisy, CancellationToken cancel)
    {
        IReadOnlyList<Mask?> masks = ConstantAreas.Of(noisy, cancel);
        (Image repaired, IReadOnlyList<int>[] stuck, int columns) = Repaired(noisy, masks, cancel);
        return Chosen(noisy, repaired, stuck, columns, masks, cancel);
    }

    /// <summary>The image without stuck samples and bad columns; areas of one value stay.</summary>
    private (Image Repaired, IReadOnlyList<int>[] Stuck, int Columns) Repaired(
        Image noisy, IReadOnlyList<Mask?> masks, CancellationToken cancel)
    {
        if (!_options.HotPixels)
        {
            return (noisy, [], 0);
        }

        (Image straight, int columns) = HotPixels.WithoutBadColumns(noisy, masks, cancel);
        IReadOnlyList<int>[] stuck = HotPixels.In(straight, masks, cancel);
        bool isClean = stuck.Sum(static list => list.Count) == 0;
        return (isClean ? straight : HotPixels.Repaired(straight, stuck), stuck, columns);
    }

    private Decision Chosen(
        Image noisy, Image repaired, IReadOnlyList<int>[] stuck, int columns, IReadOnlyList<Mask?> masks,
        CancellationToken cancel)
    {
        if (_handling.Sigma is not null || _handling.Model == NoiseAssumption.None)
        {
            return new Decision(Choice.Klar, "klar, since the noise was given", null, null);
        }

        NoiseEstimate measured = _handling.MeasuredOf(noisy, _run.Stack, cancel);
        NoiseEstimate asItIs = _handling.WithKnown(measured, noisy.Scale);
        if (asItIs.Kind == NoiseKind.Impulsive && asItIs.ClippedBlack + asItIs.ClippedWhite > MaxBlackAndWhite)
        {
            return new Decision(
                Choice.Nothing, "nothing: the picture is black and white, like a page of text", asItIs, measured);
        }

        // Taking single pixels out may be all that is to be done.
        (Choice least, string found) =
            columns > 0 ? (Choice.Repaired, "bad columns and stuck pixels alone")
            : HotPixels.AreImpulses(noisy, stuck) ? (Choice.Repaired, "single stuck or flipped pixels alone")
            : (Choice.Nothing, "nothing");
        NoiseEstimate noise = ReferenceEquals(noisy, repaired)
            ? asItIs
            : _handling.WithKnown(_handling.MeasuredOf(repaired, _run.Stack, cancel), noisy.Scale);
        if (noise.Kind == NoiseKind.None)
        {
            string warning = noise.Warnings.FirstOrDefault("no noise was found");
            return new Decision(least, $"{found}: {warning}", noise, measured);
        }

        Image picture = MaskFill.Filled(repaired, masks, cancel);
        if (noise is { IsOfJpeg: true, Jpeg.IsColour: true })
        {
            // That is what was measured.
            (picture, masks) = JpegColours.Luminance(picture, masks);
        }

        (double low, double high) = RobustRange.Of(picture);
        bool known = _handling.Known is not null;
        double strongest = noise.Levels.Where(level => level.Brightness >= low
            && level.Brightness <= high).Select(static level => level.Sigma).DefaultIfEmpty(0).Max();
        if (!known
            && noise.Sigma < MinVisible * (high - low)
            && (noisy.Scale.MayBePhotograph || strongest < MinVisibleWhereBright * (high - low)))
        {
            string share = string.Create(CultureInfo.InvariantCulture, $"{100 * noise.Sigma / (high - low):F1} %");
            string why = $"{found}: the noise ({share} of the contrast) is too weak to be seen";
            return new Decision(least, why, noise, measured);
        }

        (Image part, IReadOnlyList<Mask?> ofPart) = Part(picture, masks);
        IReadOnlyList<Mask?> judged = CutNoise.LeftOut(part, ofPart, noise);
        double left = 1 - (Mask.CountIn(judged) / (double)(part.Width * part.Height * part.Planes.Count));
        bool mostlyCut = !ReferenceEquals(judged, ofPart) && left < MinJudged;

        // What is decided for a stack must not depend on the page that happens to come first.
        var risk = new SelfSupervisedRisk(part, noise, _run.Stack is null ? _run.Seed : 0, mostlyCut ? ofPart : judged);
        bool maybePhotograph = noisy.Scale.MayBePhotograph && !noise.IsOfJpeg;
        (float Width, RiskProbe Probe)[] blurs =
            [.. (maybePhotograph ? OneBlur : Blurs).Select(width => (width, risk.Probe(Blur(width), cancel)))];
        NoiseHandling withThis = _handling with { Measured = noise };
        RunSettings alone = _run with { Pages = null };
        RiskProbe ProbeOf(Func<AdditiveNoise, IDenoiser> make) =>
            risk.Probe(new NoiseAwareDenoiser(make, withThis, alone), cancel);
        RiskProbe patchProbe = ProbeOf(additive => new Bm3dDenoiser(additive, alone));
        (RiskProbe Probe, double? OwnWeight)[] ofKlar = noise.IsOfJpeg
            ? [(patchProbe, null)]
            : [(patchProbe, null), (ProbeOf(additive => new PriorDenoiser(additive, alone)), null)];
        double patches = risk.BestMixture(ofKlar).Risk;
        double blur = blurs.Min(pair => risk.OfLinear(pair.Probe, CentralWeight(pair.Width)));
        if (Math.Min(blur, patches) >= risk.OfInput)
        {
            string why = $"{found}: no method is expected to come nearer to the clean picture than the image is";
            return new Decision(least, why, noise, measured);
        }

        double taken = TakenOut.Typically(part, Mixed(patchProbe.Plus, patchProbe.Minus, 0.5f), noise, ofPart);
        if (!known && IsTexture(taken, part, ofPart, noise))
        {
            string why = string.Create(
                CultureInfo.InvariantCulture,
                $"{found}: what was measured as noise is texture in most places ({taken:P0} of it would be taken out "
                    + $"there)");
            return new Decision(least, why, noise, measured);
        }

        if (mostlyCut)
        {
            const string Why = "klar, since much of the noise is cut off at black or white, which no blur restores";
            return new Decision(Choice.Klar, Why, noise, measured);
        }

        string kind = noise.Gain > 0 ? "photon noise" : "noise of one level";
        double gained = 10 * Math.Log10(risk.OfInput / Math.Max(patches, 1e-3 * risk.OfInput));
        string gain = string.Create(
            CultureInfo.InvariantCulture, $"{gained:F1} dB nearer to the clean picture than the image");

        // In pictures of 8 bits noise is often cut off, which a blur's exact divergence does not know.
        RiskMixture mixture = risk.BestMixture(
            [.. ofKlar, .. blurs.Select(pair =>
                (pair.Probe, maybePhotograph ? null : (double?)CentralWeight(pair.Width)))]);
        double lead = maybePhotograph ? MinLeadInPhotographs : MinLead;
        if (patches <= blur * (1 + MinLead) || mixture.Risk >= patches * (1 - lead))
        {
            string why = $"klar, for {kind}; it is expected to be {gain}";
            return new Decision(Choice.Klar, why, noise, measured);
        }

        (float Width, double Share)[] mixed =
        [
            .. blurs.Select((pair, i) => (pair.Width, mixture.Weights[ofKlar.Length + i]))
                .Where(static pair => pair.Item2 >= MinShare),
        ];
        string shares = string.Join(
            ", ",
            mixed.Select(static pair =>
                string.Create(CultureInfo.InvariantCulture, $"{pair.Width} px {pair.Share:P0}")));
        return new Decision(
            Choice.KlarAndBlur,
            mixed,
            $"klar with blurs ({shares}), since for this {kind} they are expected to come nearer than klar alone does",
            noise,
            measured);
    }

    /// <summary>
    /// Whether texture was measured. Files of 8 bits are judged by what is taken out alone, as photographs are among
    /// them.
    /// </summary>
    private static bool IsTexture(double taken, Image image, IReadOnlyList<Mask?> masks, NoiseEstimate noise)
    {
        if (image.Scale.MayBePhotograph)
        {
            return taken < MinTakenOut;
        }

        double evenness = NoiseEvenness.Of(image, masks, noise);
        return taken < (evenness < Uneven ? NearlyAll : evenness < Even ? MinTakenOut : 0);
    }

    private GaussianFilter Blur(float sigma) => new(new GaussianOptions { Sigma = sigma }, _run);

    private NoiseAwareDenoiser Klar(NoiseEstimate? measured)
    {
        var ofKlar = new KlarOptions { Effort = _options.Effort, Steps = _options.Steps };
        return new(known => new KlarDenoiser(known, ofKlar, _run), _handling with { Measured = measured }, _run);
    }

    /// <summary>The weight of a sample in its own blurred value.</summary>
    private static double CentralWeight(float sigma)
    {
        double sum = 0;
        for (int i = -(int)(4 * sigma); i <= (int)(4 * sigma); i++)
        {
            sum += Numerics.Elementary.Exp(-i * i / (2.0 * sigma * sigma));
        }

        return 1 / (sum * sum);
    }

    /// <summary>The middle; where much of it is no picture, the middle of the largest part that is.</summary>
    private static (Image Part, IReadOnlyList<Mask?> Masks) Part(Image image, IReadOnlyList<Mask?> masks)
    {
        Mask? much = masks.FirstOrDefault(static mask => mask?.Count > MinMasked * mask?.Width * mask?.Height);
        if (much is { } mask)
        {
            (int x, int y, int freeWidth, int freeHeight) = mask.LargestFree();
            if (Math.Min(freeWidth, freeHeight) >= MinPart)
            {
                image = image.Crop(x, y, freeWidth, freeHeight);
                masks = [.. masks.Select(other => other?.Crop(x, y, freeWidth, freeHeight))];
            }
        }

        (int width, int height) = (Math.Min(ScoredSide, image.Width), Math.Min(ScoredSide, image.Height));
        (int left, int top) = ((image.Width - width) / 2, (image.Height - height) / 2);
        return (image.Crop(left, top, width, height), [.. masks.Select(mask => mask?.Crop(left, top, width, height))]);
    }

    private static Image Mixed(Image a, Image b, float share) =>
        a.With([.. a.Planes.Zip(b.Planes, (p, q) => Plane.Create(p.Width, p.Height, (p, q, share), static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from.p.Samples[i] + (from.share * (from.q.Samples[i] - from.p.Samples[i]));
        }
    }))]);
}
