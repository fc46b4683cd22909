using System.CommandLine;
using System.Globalization;
using Klar.Formats;
using Klar.Formats.Denoising;
using Klar.Metrics;

namespace Klar.Cli.Commands;

/// <summary><c>klar metrics REFERENCE TEST</c></summary>
internal sealed class MetricsCommand
{
    private readonly Argument<string> _reference = new("REFERENCE") { Description = "The image that is right" };
    private readonly Argument<string> _test = new("TEST") { Description = "The image to judge" };
    private readonly Option<double?> _range = new("--range")
    {
        Description = "The peak of PSNR and SSIM in the file's values (default: 255 for 8 bits, else the reference's "
            + "own range)",
        HelpName = "R",
    };
    private readonly Option<bool> _affine = new("--affine")
    {
        Description = "Judge after the best fit a * TEST + b, for images of different exposure",
    };

    private readonly Option<bool> _temporal = new("--temporal")
    {
        Description = "Of stacks, also print the error of each pixel's mean over the pages, "
            + "and that of its change from page to page",
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new MetricsCommand();
        var command = new Command(
            "metrics", "PSNR, SSIM and NRMSE of an image, or of all pages of a stack, against a reference.")
        {
            self._reference, self._test, self._range, self._affine, self._temporal,
        };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        using ImageStack reference = Open(parsed.GetValue(_reference)!, cancel);
        string name = parsed.GetValue(_test)!;
        using ImageStack test = Open(name, cancel);
        if (test.Pages != reference.Pages)
        {
            throw new UserErrorException(
                ExitCode.Failed, $"{name}: it has {Text(test.Pages)}, the reference {Text(reference.Pages)}");
        }

        SampleScale scale = Tried(
            reference.Path, () => reference.Scale(Enumerable.Range(0, reference.Pages)));
        double range = parsed.GetValue(_range) ?? scale.Range;
        if (!(range > 0) || !double.IsFinite(range))
        {
            throw UserErrorException.Usage(
                $"--range {range.ToString(CultureInfo.InvariantCulture)}: it takes a number above 0");
        }

        var course = new TemporalError();
        var pages = new List<ImageQuality>();
        for (int page = 0; page < reference.Pages; page++)
        {
            cancel.ThrowIfCancellationRequested();
            int number = page;
            Image right = Tried(reference.Path, () => reference.Read(number, scale).Image);
            Image judged = Tried(name, () => test.Read(number, scale).Image);
            if (Size(judged) != Size(right))
            {
                throw new UserErrorException(
                    ExitCode.Failed, $"{name}: it has {Size(judged)}, the reference {Size(right)}");
            }

            judged = parsed.GetValue(_affine) ? AffineFit.Of(right, judged) : judged;
            pages.Add(ImageQuality.Of(right, judged, range / scale.Range, CommonOptions.Run(parsed).Threads));
            course.Add(right, judged);
        }

        ImageQuality quality = ImageQuality.Pooled(pages);
        TemporalDocument? temporal = parsed.GetValue(_temporal)
            ? new TemporalDocument(course.OfMeans * scale.Range, course.OfDifferences * scale.Range)
            : null;
        Print(parsed, new MetricsDocument(quality.Psnr, quality.Ssim, quality.Nrmse, range) { Temporal = temporal });
        return ExitCode.Done;
    }

    private static void Print(ParseResult parsed, MetricsDocument document)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(document, Documents.Default.MetricsDocument);
            return;
        }

        CultureInfo culture = CultureInfo.InvariantCulture;
        string psnr = document.Psnr is { } decibels ? string.Create(culture, $"{decibels:F2} dB") : "equal images";
        string ssim = document.Ssim is { } similarity ? similarity.ToString("F4", culture) : "none below 11 pixels";
        Terminal.Print(string.Create(
            culture, $"PSNR {psnr}   SSIM {ssim}   NRMSE {document.Nrmse:F4}   (peak {document.Peak:G6})"));
        if (document.Temporal is { } temporal)
        {
            Terminal.Print(string.Create(
                culture,
                $"error of means over time {temporal.MeanError:G4}, of changes from page to page "
                    + $"{temporal.DifferenceError:G4} grey levels"));
        }
    }

    private static ImageStack Open(string path, CancellationToken cancel) =>
        Tried(path, () =>
        {
            ImageStack stack = InputImage.Open(path, cancel);
            MemoryPlan.RefuseTooLarge(stack.Info);
            return stack;
        });

    private static T Tried<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception failure) when (Outcome.IsExpected(failure))
        {
            throw new UserErrorException(ExitCode.Failed, $"{path}: {Outcome.OneLine(failure)}");
        }
    }

    private static string Text(int pages) => pages == 1 ? "one page" : $"{pages} pages";

    private static string Size(Image image) => $"{image.Width}x{image.Height}x{image.Planes.Count}";
}
