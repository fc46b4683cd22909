using System.Globalization;
using Klar.Imaging;
using Klar.Noise;
using Klar.Numerics;

namespace Klar;

/// <summary>
/// Runs a method for additive noise on an image whose noise is measured first: photon noise is stabilised, the level
/// is told to the method, and what clipping did is undone after it. The report says what was done and why.
/// </summary>
/// <param name="make">Makes the method for a noise.</param>
/// <param name="handling">What to assume, and what to leave to the estimate.</param>
/// <param name="run">The clock.</param>
public sealed class NoiseAwareDenoiser(
    Func<AdditiveNoise, IDenoiser> make, NoiseHandling handling, RunSettings? run = null) : IDenoiser
{
    // With weaker correlation of neighbours a method for white noise does well enough.
    private const double MinCorrelation = 0.25;

    // With fewer samples cut off, what was cut is some bright spot's and not the picture's.
    private const double MuchClipped = 0.01;

    // White noise is near 1, correlated noise below it; if this little is left in some direction of a patch, and
    // neighbours do not correlate, it is something else.
    private const double MinWhiteness = 0.4;

    // Samples hold no noise weaker than this.
    private const double MinShare = 1000;

    // Of a range less or greater than this, in units of white, methods made for 0..1 see too little or too much.
    private const double MinRange = 0.25;
    private const double MaxRange = 4;

    private readonly RunSettings _run = run ?? new();

    /// <summary>
    /// Whether the method ignores <see cref="AdditiveNoise.Autocorrelation"/>; then correlated noise is warned of.
    /// </summary>
    public bool TakesNoiseForWhite { get; init; }

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        long start = _run.Clock.GetTimestamp();
        cancel.ThrowIfCancellationRequested();
        IReadOnlyList<Mask?> masks = ConstantAreas.Of(noisy, cancel);
        Image picture = MaskFill.Filled(noisy, masks, cancel);
        NoiseEstimate? measured = handling.Sigma is null || handling.Declip != false
            ? handling.MeasuredOf(noisy, _run.Stack, cancel)
            : null;
        NoiseEstimate? estimate = measured is null ? null : handling.WithKnown(measured, noisy.Scale);
        if (handling.Sigma is null && IsNothing(estimate!))
        {
            progress?.Report(new DenoiseProgress("measuring noise", 1));
            return new Denoised(noisy, Unchanged(estimate!, start) with { Noise = measured });
        }

        if (handling.Sigma is null && estimate is { IsOfJpeg: true, Jpeg.IsColour: true } && noisy.Planes.Count == 3)
        {
            var inColours = new JpegColourDenoiser(make, handling, _run);
            Denoised colours = inColours.Denoise(picture, estimate, progress, cancel);
            TimeSpan elapsed = _run.Clock.GetElapsedTime(start);
            colours = colours with { Report = colours.Report with { Elapsed = elapsed, Noise = measured } };
            return MaskedDenoiser.Restored(colours, noisy, masks);
        }

        Denoised result = handling.Sigma is null && Stabilises(estimate!)
            ? Stabilised(noisy, picture, estimate!, progress, cancel)
            : Additive(picture, Specified(estimate), progress, cancel);
        DenoiseReport report = result.Report;
        if (Undone(estimate) is { } declipping)
        {
            result = result with
            {
                Image = result.Image.With([.. result.Image.Planes.Select(plane => Mapped(plane, declipping.Of))])
            };
            report = report.With("declipping", estimate!.Kind == NoiseKind.Uniform ? "uniform" : "normal");
        }

        if (handling is { Known: { } known, Sigma: null })
        {
            report = report.With("known", known.ToText());
        }

        result = MaskedDenoiser.Restored(result with { Report = report }, noisy, masks);
        report = result.Report with
        {
            Elapsed = _run.Clock.GetElapsedTime(start),
            Noise = measured,
            SigmaEstimated = handling.Sigma is null ? (float)estimate!.Sigma : null,
            Warnings =
            [
                .. report.Warnings, .. handling.Sigma is null ? estimate!.Warnings : [],
                .. Correlation(estimate, report.Method)
            ],
        };
        return result with { Report = report };
    }

    /// <summary>
    /// Whoever names a method wants the image denoised, however weak its noise; but without any there is nothing to
    /// tell the method.
    /// </summary>
    private static bool IsNothing(NoiseEstimate estimate) => !(estimate.Sigma > MinShare * float.Epsilon);

    private IEnumerable<string> Correlation(NoiseEstimate? estimate, string method)
    {
        if (TakesNoiseForWhite && estimate is not null && Math.Abs(estimate.Lag1) > MinCorrelation)
        {
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"the noise of neighbouring pixels is correlated ({estimate.Across:F2} across, "
                    + $"{estimate.Down:F2} down) and {method} takes it for white: it will keep part of the noise; "
                    + $"bm3d is told the correlation");
        }
    }

    private bool Stabilises(NoiseEstimate estimate) => handling.Model switch
    {
        NoiseAssumption.Auto => estimate.Kind == NoiseKind.PoissonGaussian,
        NoiseAssumption.PoissonGaussian => estimate.Gain > 0,
        _ => false,
    };

    private AdditiveNoise Specified(NoiseEstimate? estimate) => handling.Sigma is { } sigma
        ? new AdditiveNoise(sigma)
        : new AdditiveNoise((float)estimate!.Sigma)
        {
            Autocorrelation = Measured(estimate),
            Levels = IsCut(estimate) ? estimate.Levels : null,
            Clipped = IsCut(estimate),
            Compressed = estimate.IsOfJpeg,
            Irregular = estimate.Whiteness < MinWhiteness,
            Slope = Undone(estimate) is { } declipping ? declipping.Slope : null,
        };

    private static bool IsCut(NoiseEstimate estimate) =>
        (estimate.CutAtBlack && estimate.ClippedBlack > MuchClipped)
            || (estimate.CutAtWhite && estimate.ClippedWhite > MuchClipped);

    private static IReadOnlyList<double>? Measured(NoiseEstimate estimate) =>
        estimate.Autocorrelation.Count == 0 ? null : estimate.Autocorrelation;

    /// <summary>
    /// In units in which the picture's range is about 1, as methods expect, where one bright spot stretches the file's.
    /// </summary>
    private Denoised Additive(
        Image picture, AdditiveNoise told, IProgress<DenoiseProgress>? progress, CancellationToken cancel)
    {
        (double low, double high) = RobustRange.Of(picture);
        double size = high - low;
        if (picture.Scale.MayBePhotograph
            || told.Clipped
            || !(size > 0)
            || size is > MinRange and < MaxRange)
        {
            return make(told).Denoise(picture, progress, cancel);
        }

        Func<float, float>? slope = told.Slope;
        AdditiveNoise scaled = told with
        {
            Sigma = (float)(told.Sigma / size),
            Levels = told.Levels is null
                ? null
                : [.. told.Levels.Select(level => ((level.Brightness - low) / size, level.Sigma / size))],
            Slope = slope is null ? null : sample => slope((float)((sample * size) + low)),
        };
        Plane[] inUnits = [.. picture.Planes.Select(plane => Mapped(plane, sample => (float)((sample - low) / size)))];
        var unit = new Image(inUnits, new SampleScale(0, 1, Bounded: false));
        Denoised result = make(scaled).Denoise(unit, progress, cancel);
        Plane[] back =
            [.. result.Image.Planes.Select(plane => Mapped(plane, sample => (float)((sample * size) + low)))];
        return result with { Image = picture.With(back) };
    }

    private Denoised Stabilised(
        Image noisy, Image picture, NoiseEstimate estimate, IProgress<DenoiseProgress>? progress,
        CancellationToken cancel)
    {
        // In files of 8 bits the offset is where the line of the levels ends, which is known only roughly: what lies
        // there counts as noisier than the line says, and nothing is darker (docs/algorithms/noise.md has what the line
        // itself would cost).
        bool isRough = noisy.Scale.MayBePhotograph && handling.Known is null;
        double readVariance =
            (estimate.ReadNoise * estimate.ReadNoise) + (isRough ? estimate.Gain * estimate.Offset : 0);
        var anscombe = new GeneralisedAnscombe(estimate.Gain, readVariance, estimate.Offset, isRough);

        // All pages of a stack, and all tiles of a page, go through one transform.
        (double from, double unit, NoiseEstimate left) = _run.Stack is { } stack
            ? stack.Decided(
                (estimate.Gain, readVariance, estimate.Offset, isRough),
                _ => Unit.Of(stack.Together, stack.Together, anscombe))
            : Unit.Of(noisy, picture, anscombe);
        if (estimate.IsOfJpeg)
        {
            // The blocks are not seen any more, but correlation is what it was.
            left = new NoiseEstimate
            {
                Kind = NoiseKind.Gaussian,
                Sigma = 1 / unit,
                Autocorrelation = estimate.Autocorrelation,
            };
        }

        Image stable = Unit.Applied(picture, anscombe, from, unit);
        var shape = new StabilisedNoise(
            anscombe, estimate.Gain, readVariance, estimate.Offset, from, from + unit,
            new CounterRandom(_run.Seed, RandomStream.StabilisedNoise));
        double sigma = left.Kind == NoiseKind.None ? 1 / unit : Math.Clamp(left.Sigma, 1 / unit, 1.1 / unit);
        var told = new AdditiveNoise((float)sigma)
        {
            Autocorrelation = Measured(left),
            Levels = left.Levels.Count == 0 ? null : left.Levels,
            Stabilised = true,
            Compressed = estimate.IsOfJpeg,
            Clipped = IsCut(estimate),
            Slope = sample => sample + (float)(from / unit),
            Shape = (sample, normal) => shape.Of((sample * unit) + from, normal),
            Thinning = new PhotonThinning(
                estimate.Gain, readVariance, from, unit, new CounterRandom(_run.Seed, RandomStream.Thinning), isRough),
        };
        Denoised result = make(told).Denoise(stable, progress, cancel);
        Image back = noisy.With([.. result.Image.Planes.Select(
            plane => Mapped(plane, sample => (float)anscombe.Inverse((sample * unit) + from)))]);
        return new Denoised(back, result.Report.With(
            "stabilised",
            $"gain {Settings.Text((float)estimate.Gain)}, read noise {Settings.Text((float)estimate.ReadNoise)}"));
    }

    /// <summary>
    /// The transformed brightness in units in which the range of the image is about 1 again, as methods expect, and
    /// what noise is left in them.
    /// </summary>
    private sealed record Unit(double From, double Size, NoiseEstimate Left)
    {
        private static readonly SampleScale Unbounded = new(0, 1, Bounded: false);

        public static Unit Of(Image noisy, Image picture, GeneralisedAnscombe anscombe)
        {
            (float least, float most) = Range(picture);
            double from = anscombe.Forward(least),
                unit = Math.Max(1e-6, anscombe.Forward(Math.Max(most, least + 1e-6f)) - from);
            Image stable = Applied(noisy, anscombe, from, unit);
            return new Unit(from, unit, NoiseEstimator.Measure(stable, NoiseEstimator.HasBand(noisy)).Noise);
        }

        public static Image Applied(Image noisy, GeneralisedAnscombe anscombe, double from, double unit) =>
            new([.. noisy.Planes.Select(
                plane => Mapped(plane, sample => (float)((anscombe.Forward(sample) - from) / unit)))], Unbounded);
    }

    /// <summary>How clipping is undone, if it is.</summary>
    private Declipping? Undone(NoiseEstimate? estimate)
    {
        if (handling.Declip == false || estimate is null)
        {
            return null;
        }

        // Photon noise alone is never cut off at black: there is no light less than none.
        bool forced = handling.Declip == true;
        double sigma = handling.Sigma ?? estimate.Sigma;
        (bool black, bool white) = ((estimate.CutAtBlack || forced)
            && estimate.ClippedBlack > 0, (estimate.CutAtWhite || forced) && estimate.ClippedWhite > 0);
        if (!black && !white)
        {
            return null;
        }

        return estimate.Kind switch
        {
            NoiseKind.Uniform when handling.Sigma is null => Declipping.OfUniform(sigma * Math.Sqrt(12), black, white),
            NoiseKind.PoissonGaussian when handling.Sigma is null => Declipping.OfNormal(
                x => Math.Sqrt(
                    Math.Max(0, estimate.Gain * (x - estimate.Offset)) + (estimate.ReadNoise * estimate.ReadNoise)),
                black && estimate.ReadNoise > 0,
                white),
            _ => Declipping.OfNormal(_ => sigma, black, white),
        };
    }

    private DenoiseReport Unchanged(NoiseEstimate estimate, long start) =>
        new("none", Settings.Of(), _run.Seed, _run.Clock.GetElapsedTime(start))
        {
            SigmaEstimated = 0,
            Warnings = [.. estimate.Warnings.DefaultIfEmpty("no noise was found"), "the image is unchanged"],
        };

    private static (float Least, float Most) Range(Image image)
    {
        (float least, float most) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (Plane plane in image.Planes)
        {
            foreach (float sample in plane.Samples)
            {
                (least, most) = (Math.Min(least, sample), Math.Max(most, sample));
            }
        }

        return (least, most);
    }

    private static Plane Mapped(Plane plane, Func<float, float> map) =>
        Plane.Create(plane.Width, plane.Height, (plane, map), static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from.map(from.plane.Samples[i]);
        }
    });
}
