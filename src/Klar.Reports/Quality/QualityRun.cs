using System.Globalization;
using Klar.Catalogue;
using Klar.Formats;
using Klar.Imaging;
using Klar.Metrics;
using Klar.Noise;

namespace Klar.Reports.Quality;

/// <summary>Measures methods on sets of clean images with added noise.</summary>
public sealed class QualityRun
{
    /// <summary>The folder that holds <c>clean/</c> with the sets.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Names of sets: folders below <c>clean/</c>.</summary>
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
    /// Yields a row as soon as it is measured; those whose keys are in <paramref name="known"/> are left out.
    /// </summary>
    public IEnumerable<QualityRow> Rows(IReadOnlySet<string> known, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(known);
        foreach (string set in Sets)
        {
            string folder = Path.Combine(DataFolder, "clean", set);
            if (!Directory.Exists(folder))
            {
                throw new DirectoryNotFoundException($"there is no set '{set}': no folder {folder}");
            }

            foreach (string file in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            {
                foreach (string noise in Noises)
                {
                    foreach (QualityRow row in Rows(set, file, noise, known, cancel))
                    {
                        yield return row;
                    }
                }
            }
        }
    }

    private IEnumerable<QualityRow> Rows(string set, string file, string noise, IReadOnlySet<string> known, CancellationToken cancel)
    {
        Image? clean = null, noisy = null;
        foreach (Method method in Methods)
        {
            var row = new QualityRow(
                set, Path.GetFileNameWithoutExtension(file), noise, Clip, Blind ? "blind" : "given", SeparateChannels ? "separate" : "joint", Run.Seed, method.Name, null, null, 0);
            if (known.Contains(row.Key))
            {
                continue;
            }

            clean ??= ImageFile.Read(file).Image;
            noisy ??= NoiseModel.Parse(noise).AddTo(clean, Clip, Run, cancel);
            Denoised result = Denoiser(method, noise).Denoise(noisy, cancel: cancel);
            ImageQuality quality = ImageQuality.Of(clean, result.Image, 1, Run.Threads);
            yield return row with { Psnr = quality.Psnr, Ssim = quality.Ssim, Seconds = result.Report.Elapsed.TotalSeconds };
        }
    }

    private IDenoiser Denoiser(Method method, string noise)
    {
        var settings = new Dictionary<string, string>();
        if (!Blind && method.Options.FirstOrDefault(static option => option.IsNoiseLevel) is { } level && NoiseModel.Parse(noise) is GaussianNoise gaussian)
        {
            settings[level.Name] = gaussian.Sigma255.ToString(CultureInfo.InvariantCulture);
        }

        IDenoiser denoiser = Blind ? method.CreateAware(settings, new NoiseHandling(), Run) : method.Create(settings, Run);
        return SeparateChannels ? new SeparateChannels(denoiser) : denoiser;
    }
}
