using System.Globalization;
using Klar.Catalogue;
using Klar.Imaging;
using Klar.Metrics;
using Klar.Noise;

namespace Klar.Reports.Quality;

/// <summary>Measures methods on sets of clean images with added noise, and on real pairs.</summary>
public sealed class QualityRun
{
    private const int MostForTraining = 256 * 256;

    /// <summary>The folder that holds <c>clean/</c> with the sets.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Names of sets: folders below <c>clean/</c>, <c>microscopy</c>, <c>study</c>, <c>pairs/NAME</c>.</summary>
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

    /// <summary>Whether zero-shot training at full resolution, which takes long, is measured on pictures of any size.</summary>
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
        return Sets.SelectMany(set => QualityPicture.Of(DataFolder, set, Noises, Clip, Run)).SelectMany(picture => Rows(picture, known, cancel));
    }

    private IEnumerable<QualityRow> Rows(QualityPicture picture, IReadOnlySet<string> known, CancellationToken cancel)
    {
        bool real = picture.Noise is QualityPicture.Real or QualityPicture.RealAffine;
        (Image Clean, Image Noisy)? images = null;
        foreach (Method method in Methods)
        {
            var row = new QualityRow(
                picture.Set, picture.Name, picture.Noise, Clip || real, Blind || real ? "blind" : "given", SeparateChannels ? "separate" : "joint", Run.Seed, NameOf(method), null, null, 0);
            if (known.Contains(row.Key))
            {
                continue;
            }

            (Image clean, Image noisy) = images ??= picture.Load();
            if (TakesLong(method, noisy))
            {
                continue;
            }

            Denoised result = Denoiser(method, picture.Noise, Blind || real).Denoise(noisy, cancel: cancel);
            ImageQuality quality = ImageQuality.Of(clean, picture.Comparable(clean, result.Image), 1, Run.Threads);
            yield return row with { Psnr = quality.Psnr, Ssim = quality.Ssim, Seconds = result.Report.Elapsed.TotalSeconds };
        }
    }

    private string NameOf(Method method) => method.TakesEffort && Effort != "normal" ? $"{method.Name} {Effort}" : method.Name;

    private bool TakesLong(Method method, Image image) =>
        !Full
        && method.Training != TrainingLength.None
        && (long)image.Width * image.Height > MostForTraining;

    private IDenoiser Denoiser(Method method, string noise, bool blind)
    {
        var settings = new Dictionary<string, string>();
        if (!blind && method.Options.FirstOrDefault(static option => option.IsNoiseLevel) is { } level && NoiseModel.Parse(noise) is GaussianNoise gaussian)
        {
            settings[level.Name] = gaussian.Sigma255.ToString(CultureInfo.InvariantCulture);
        }

        if (method.TakesEffort)
        {
            settings["effort"] = Effort;
        }

        IDenoiser denoiser = blind ? method.CreateAware(settings, new NoiseHandling(), Run) : method.Create(settings, Run);
        return SeparateChannels ? new SeparateChannels(denoiser) : denoiser;
    }
}
