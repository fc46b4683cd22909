using System.Globalization;
using Klar.Catalogue;
using Klar.Metrics;
using Klar.Noise;

namespace Klar.Reports.Quality;

/// <summary>Measures methods on sets of clean images with added noise, and on real pairs.</summary>
public sealed class QualityRun
{
    private const int MaxForTraining = 256 * 256;

    /// <summary>The folder that holds <c>clean/</c> with the sets.</summary>
    public required string DataFolder { get; init; }

    /// <summary>
    /// Names of sets: folders below <c>clean/</c>, <c>microscopy</c>, <c>study</c>, <c>pairs/NAME</c>,
    /// <c>sequences</c>, <c>frames</c>.
    /// </summary>
    public required IReadOnlyList<string> Sets { get; init; }

    /// <summary>Noises as they are written everywhere.</summary>
    public required IReadOnlyList<string> Noises { get; init; }

    /// <summary>What is measured.</summary>
    public required IReadOnlyList<Method> Methods { get; init; }

    /// <summary>Whether noisy images are clipped to 0..1.</summary>
    public bool Clip { get; init; }

    /// <summary>Whether methods must find the noise level themselves; else Gaussian noise is told.</summary>
    public bool Blind { get; init; }

    /// <summary>Whether the channels of colour images are taken one by one.</summary>
    public bool SeparateChannels { get; init; }

    /// <summary>Threads and seed.</summary>
    public RunSettings Run { get; init; } = new();

    /// <summary>
    /// Whether zero-shot training at full resolution, which takes long, is measured on pictures of any size.
    /// </summary>
    public bool Full { get; init; }

    /// <summary>The effort of methods that have one.</summary>
    public string Effort { get; init; } = "normal";

    /// <summary>
    /// Yields a row as soon as it is measured; those whose keys are in <paramref name="known"/> are left out.
    /// </summary>
    /// <exception cref="DirectoryNotFoundException">A set is not there.</exception>
    public IEnumerable<QualityRow> Rows(IReadOnlySet<string> known, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        return Sets.SelectMany(set => QualitySequence.Is(set)
            ? QualitySequence.Of(DataFolder, set, Noises, Clip, Run).SelectMany(one => Rows(one, known, cancel))
            : QualityPicture.Of(DataFolder, set, Noises, Clip, Run).SelectMany(one => Rows(one, known, cancel)));
    }

    /// <summary>A row page by page and one across pages for each method; seconds are those of a page.</summary>
    private IEnumerable<QualityRow> Rows(QualitySequence sequence, IReadOnlySet<string> known, CancellationToken cancel)
    {
        bool blind = Blind || sequence.Noise == QualityPicture.Real;
        (IReadOnlyList<Image> Clean, IReadOnlyList<Image> Noisy)? images = null;
        foreach ((Method method, bool across) in Methods.Where(static method => method.TakesNeighbours)
            .SelectMany(static method => (bool[])[false, true], static (method, across) => (method, across)))
        {
            var row = new QualityRow(
                sequence.Set, sequence.Name, sequence.Noise, Clip, blind ? "blind" : "given", "joint", Run.Seed,
                $"{NameOf(method)} {(across ? "across" : "alone")}", null, null, 0);
            if (known.Contains(row.Key))
            {
                continue;
            }

            (IReadOnlyList<Image> clean, IReadOnlyList<Image> noisy) = images ??= sequence.Load();
            RunSettings run = Run with { Stack = new StackStatistics(noisy) };
            IDenoiser Create(RunSettings ofPage) => Denoiser(method, sequence.Noise, blind, ofPage);
            var pages = new AcrossPages(noisy.Count, page => noisy[page], Create);
            long start = Run.Clock.GetTimestamp();
            double squares = 0;
            for (int page = 0; page < noisy.Count; page++)
            {
                RunSettings ofPage = run.ForPage(0, page);
                Image denoised = across
                    ? pages.Denoise(page, ofPage, cancel: cancel).Image
                    : Create(ofPage).Denoise(noisy[page], cancel: cancel).Image;
                squares += SquaredError(clean[page], denoised) / noisy.Count;
            }

            double seconds = Run.Clock.GetElapsedTime(start).TotalSeconds / noisy.Count;
            yield return row with { Psnr = -10 * Math.Log10(squares), Seconds = seconds };
        }
    }

    private static double SquaredError(Image clean, Image denoised)
    {
        double sum = 0;
        for (int c = 0; c < clean.Planes.Count; c++)
        {
            ReadOnlySpan<float> a = clean.Planes[c].Samples, b = denoised.Planes[c].Samples;
            for (int i = 0; i < a.Length; i++)
            {
                sum += (double)(a[i] - b[i]) * (a[i] - b[i]) / a.Length;
            }
        }

        return sum / clean.Planes.Count;
    }

    private IEnumerable<QualityRow> Rows(QualityPicture picture, IReadOnlySet<string> known, CancellationToken cancel)
    {
        bool real = picture.Noise is QualityPicture.Real or QualityPicture.RealAffine;
        (Image Clean, Image Noisy)? images = null;
        foreach (Method method in Methods)
        {
            var row = new QualityRow(
                picture.Set, picture.Name, picture.Noise, Clip || real, Blind || real ? "blind" : "given",
                SeparateChannels ? "separate" : "joint", Run.Seed, NameOf(method), null, null, 0);
            if (known.Contains(row.Key))
            {
                continue;
            }

            (Image clean, Image noisy) = images ??= picture.Load();
            if (TakesLong(method, noisy))
            {
                continue;
            }

            Denoised result = Denoiser(method, picture.Noise, Blind || real, Run).Denoise(noisy, cancel: cancel);
            ImageQuality quality = ImageQuality.Of(clean, picture.Comparable(clean, result.Image), 1, Run.Threads);
            yield return row with
            {
                Psnr = quality.Psnr,
                Ssim = quality.Ssim,
                Seconds = result.Report.Elapsed.TotalSeconds
            };
        }
    }

    private string NameOf(Method method) =>
        method.TakesEffort && Effort != "normal" ? $"{method.Name} {Effort}" : method.Name;

    private bool TakesLong(Method method, Image image) =>
        !Full
        && method.Training != TrainingLength.None
        && (long)image.Width * image.Height > MaxForTraining;

    private IDenoiser Denoiser(Method method, string noise, bool blind, RunSettings run)
    {
        var settings = new Dictionary<string, string>();
        if (!blind
            && method.Options.FirstOrDefault(static option => option.IsNoiseLevel) is { } level
            && NoiseModel.Parse(noise) is GaussianNoise gaussian)
        {
            settings[level.Name] = gaussian.Sigma255.ToString(CultureInfo.InvariantCulture);
        }

        if (method.TakesEffort)
        {
            settings["effort"] = Effort;
        }

        IDenoiser denoiser = blind
            ? method.CreateAware(settings, new NoiseHandling(), run)
            : method.Create(settings, run);
        return SeparateChannels ? new SeparateChannels(denoiser) : denoiser;
    }
}
