using System.Globalization;
using Klar.Catalogue;
using Klar.Metrics;
using Klar.Noise.Structured;

namespace Klar.Reports.Quality;

/// <summary>
/// Adds white noise and offsets of rows and columns to clean images, and compares what a method makes of them with what
/// it makes of the white noise alone.
/// </summary>
public sealed class StructuredRun
{
    // Of rows and columns, relative to the white noise. Without any, nothing is to be found.
    private static readonly (double Rows, double Columns)[] Added =
        [(0, 0), (0.3, 0), (1, 0), (3, 0), (0, 0.3), (0, 1), (0, 3), (1, 1)];

    /// <summary>The folder that holds <c>clean/</c>.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Sets, as <see cref="QualityRun.Sets"/> has them.</summary>
    public required IReadOnlyList<string> Sets { get; init; }

    /// <summary>The white noise's level, in 255ths of white.</summary>
    public float Sigma { get; init; } = 25;

    /// <summary>The method.</summary>
    public required Method Method { get; init; }

    /// <summary>Threads and seed.</summary>
    public RunSettings Run { get; init; } = new();

    /// <summary>Yields the rows of one image after the other.</summary>
    /// <exception cref="DirectoryNotFoundException">A set is not there.</exception>
    public IEnumerable<StructuredRow> Rows(CancellationToken cancel = default)
    {
        string noise = string.Create(CultureInfo.InvariantCulture, $"gaussian:{Sigma}");
        return Sets.SelectMany(set => QualityPicture.Of(DataFolder, set, [noise], clip: false, Run))
            .SelectMany(picture => Rows(picture, cancel));
    }

    private IEnumerable<StructuredRow> Rows(QualityPicture picture, CancellationToken cancel)
    {
        (Image clean, Image white) = picture.Load();
        double sigma = Sigma / 255;
        double best = Psnr(white, StripeHandling.Off).Psnr;
        foreach ((double rows, double columns) in Added)
        {
            Image noisy = new AddedStripes(rows * sigma, columns * sigma).AddTo(white, Run);
            (double psnr, StripeNoise? found) = Psnr(noisy, StripeHandling.Auto);
            double off = rows + columns > 0 ? Psnr(noisy, StripeHandling.Off).Psnr : best;
            yield return new StructuredRow(
                picture.Set, picture.Name, picture.Noise, rows, columns, (found?.Rows ?? 0) / sigma,
                (found?.Columns ?? 0) / sigma, best, psnr, off);
        }

        (double Psnr, StripeNoise? Found) Psnr(Image noisy, StripeHandling handling)
        {
            var request = new MethodRequest { Name = Method.Name, Method = Method, Stripes = handling };
            Denoised result = request.Create(Run).Denoise(noisy, cancel: cancel);
            ImageQuality quality = ImageQuality.Of(clean, result.Image, 1, Run.Threads);
            return (quality.Psnr ?? double.PositiveInfinity, result.Report.Stripes);
        }
    }
}
