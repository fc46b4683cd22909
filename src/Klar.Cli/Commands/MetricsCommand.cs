using System.CommandLine;
using System.Globalization;
using Klar.Formats;
using Klar.Metrics;

namespace Klar.Cli.Commands;

/// <summary><c>klar metrics REFERENCE TEST</c></summary>
internal sealed class MetricsCommand
{
    private readonly Argument<string> _reference = new("REFERENCE") { Description = "The image that is right" };
    private readonly Argument<string> _test = new("TEST") { Description = "The image to judge" };
    private readonly Option<double?> _range = new("--range") { Description = "The peak of PSNR and SSIM in the file's values (default: 255 for 8 bits, else the reference's own range)", HelpName = "R" };
    private readonly Option<bool> _affine = new("--affine") { Description = "Judge after the best fit a * TEST + b, for images of different exposure" };

    public static Command Create(CancellationToken cancel)
    {
        var self = new MetricsCommand();
        var command = new Command("metrics", "PSNR, SSIM and NRMSE of an image against a reference.") { self._reference, self._test, self._range, self._affine };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        LoadedImage reference = Read(parsed.GetValue(_reference)!, null, cancel);
        LoadedImage test = Read(parsed.GetValue(_test)!, reference.Image.Scale, cancel);
        double range = parsed.GetValue(_range) ?? reference.Image.Scale.Range;
        if (!(range > 0) || !double.IsFinite(range))
        {
            throw ExpectedTroubleException.Usage($"--range {range.ToString(CultureInfo.InvariantCulture)}: it takes a number above 0");
        }

        if (test.Image.Width != reference.Image.Width || test.Image.Height != reference.Image.Height || test.Image.Planes.Count != reference.Image.Planes.Count)
        {
            throw new ExpectedTroubleException(
                ExitCode.Failed, $"{parsed.GetValue(_test)}: it has {Size(test)}, the reference {Size(reference)}");
        }

        Imaging.Image judged = parsed.GetValue(_affine) ? AffineFit.Of(reference.Image, test.Image) : test.Image;
        ImageQuality quality = ImageQuality.Of(reference.Image, judged, range / reference.Image.Scale.Range, CommonOptions.Run(parsed).Threads);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(new MetricsDocument(quality.Psnr, quality.Ssim, quality.Nrmse, range), Documents.Default.MetricsDocument);
        }
        else
        {
            string psnr = quality.Psnr is { } decibels ? string.Create(CultureInfo.InvariantCulture, $"{decibels:F2} dB") : "equal images";
            string ssim = quality.Ssim is { } similarity ? similarity.ToString("F4", CultureInfo.InvariantCulture) : "none below 11 pixels";
            Terminal.Print(string.Create(CultureInfo.InvariantCulture, $"PSNR {psnr}   SSIM {ssim}   NRMSE {quality.Nrmse:F4}   (peak {range:G6})"));
        }

        return ExitCode.Done;
    }

    private static LoadedImage Read(string path, Imaging.SampleScale? scale, CancellationToken cancel)
    {
        try
        {
            return InputImage.Read(path, scale, cancel);
        }
        catch (Exception trouble) when (Outcome.IsExpected(trouble))
        {
            throw new ExpectedTroubleException(ExitCode.Failed, $"{path}: {Outcome.OneLine(trouble)}");
        }
    }

    private static string Size(LoadedImage image) => $"{image.Image.Width}x{image.Image.Height}x{image.Image.Planes.Count}";
}
