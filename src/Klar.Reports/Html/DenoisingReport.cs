using System.Globalization;
using Klar.Diagnostics;
using Klar.Formats;
using Klar.Noise;

namespace Klar.Reports.Html;

/// <summary>
/// One real image, whose truth nobody knows: what noise was found, what was done, what was taken out and what speaks
/// for or against the result, as one HTML file.
/// </summary>
public static class DenoisingReport
{
    private const int Side = 320;

    /// <summary>Writes the report, whole or not at all.</summary>
    /// <param name="path">The HTML file.</param>
    /// <param name="input">The image's file.</param>
    /// <param name="noisy">The input.</param>
    /// <param name="denoised">What the method made of it.</param>
    /// <param name="noise">What was measured of the noise.</param>
    /// <param name="trust">What can be said of the result; null where nothing can.</param>
    /// <param name="run">How it was made.</param>
    public static void Write(
        string path, string input, Image noisy, Denoised denoised, NoiseEstimate noise, Trust? trust,
        RunDescription run)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        ArgumentNullException.ThrowIfNull(denoised);
        ArgumentNullException.ThrowIfNull(noise);
        ArgumentNullException.ThrowIfNull(run);
        string name = Path.GetFileName(input);
        var page = new HtmlText();
        page.Heading(1, name);
        page.Paragraph(string.Create(
            CultureInfo.InvariantCulture,
            $"{noisy.Width} x {noisy.Height} pixels, "
                + $"{noisy.Planes.Count} {(noisy.Planes.Count == 1 ? "channel" : "channels")}; "
                + $"{denoised.Report.Method}, {denoised.Report.Elapsed.TotalSeconds:F1} s."));
        if (denoised.Report.Settings.GetValueOrDefault("why") is { } why)
        {
            page.Paragraph(why);
        }

        page.Heading(2, "Can it be trusted?");
        foreach (string warning in denoised.Report.Warnings)
        {
            page.Paragraph($"Look closely: {warning}.", "warning");
        }

        if (denoised.Report.Warnings.Count == 0)
        {
            (string verdict, string kind) = Verdict(trust, noise);
            page.Paragraph(verdict, kind);
        }

        page.Terms(Said(trust));
        Pictures(page, noisy, denoised.Image, noise);
        page.Heading(2, "The noise that there was").Paragraph(NoiseInWords.Sentence(noise, noisy.Scale));
        page.Terms(Measured(noise, noisy.Scale));
        foreach (string note in noise.Warnings)
        {
            page.Paragraph(note, "quiet");
        }

        page.Heading(2, "What was done").Terms(denoised.Report.Settings
            .Where(static setting => setting.Key != "why")
            .Select(static setting => (setting.Key, setting.Value)));
        page.Heading(2, "How this was made").Terms(run.Terms);
        AtomicFile.WriteText(path, page.Page($"Klar: {name}"));
    }

    /// <summary>What is to be said where no warning is: what a result is judged by may itself be in doubt.</summary>
    private static (string Text, string Kind) Verdict(Trust? trust, NoiseEstimate noise) =>
        trust is null
            ? ("Nothing was measured that could speak for or against the result.", "quiet")
        : noise.Kind == NoiseKind.None
            ? ("No noise was found: there is nothing to judge this result by. Look at what was taken out.", "quiet")
        : noise.Warnings.Count > 0
            ? ("How good this result is cannot be said for certain, since the noise could not be measured for certain "
                + "(below). Look at what was taken out.", "warning")
        : ("Nothing that Klar measures speaks against this result. It cannot know the truth: look at what was taken "
            + "out.", "good");

    private static IEnumerable<(string Name, string Text)> Said(Trust? trust) => trust is null ? [] :
    [
        ("taken out", Number(
            $"{trust.Removed:F2} times the noise's level; about 1, a little less where the method errs")),
        ("left", Number($"{trust.Left:F2} times the noise's level is still measured in the result; near 0 is good")),
        ("like noise?", string.Create(
            CultureInfo.InvariantCulture,
            $"neighbours in what was taken out are correlated by "
            + $"{trust.ResidualCorrelation:+0.00;-0.00} more than in the noise; near 0 is good")),
        ("detail", string.Create(
            CultureInfo.InvariantCulture,
            $"what was taken out goes with the fine detail of the result by "
            + $"{trust.DetailTaken:+0.00;-0.00}; above 0 where detail was taken out, but also where noise was left: "
            + $"no warning rests on it alone")),
        ("edges", Number(
            $"at edges {trust.TakenAtEdges:F2} times as much was taken out as where the picture is flat; about 1")),
        ("patterns", Number(
            $"a grid or stripes are {trust.PatternAdded:F2} times as strong as in the input; about 1 or less")),
    ];

    private static IEnumerable<(string Name, string Text)> Measured(NoiseEstimate noise, SampleScale scale)
    {
        yield return ("level", Number($"{noise.Sigma * scale.Range:G4} grey levels, {noise.Sigma * 255:F2} of 255"));
        if (noise.Kind == NoiseKind.PoissonGaussian)
        {
            yield return ("gain", Number($"{noise.Gain * scale.Range:G4} grey levels a photon"));
            yield return ("read noise", Number($"{noise.ReadNoise * scale.Range:G4} grey levels"));
        }

        yield return ("clipped", Number(
            $"{100 * noise.ClippedBlack:F2} % of the samples at black, {100 * noise.ClippedWhite:F2} % at white"));
        yield return (
            "correlation", Number($"{noise.Across:F2} with the neighbour in a row, {noise.Down:F2} in a column"));
        yield return ("stuck pixels", Number($"{noise.HotPixels}"));
        yield return ("confidence", Number($"{noise.Confidence:F2} of 1"));
    }

    private static void Pictures(HtmlText page, Image noisy, Image result, NoiseEstimate noise)
    {
        (int width, int height) = (Math.Min(Side, noisy.Width), Math.Min(Side, noisy.Height));
        (int x, int y) = Display.MaxStructured(result, width, height);
        Image Part(Image image) => image.Crop(x, y, width, height);
        var display = Display.Of(result);
        float limit = (float)Math.Max(3 * noise.Sigma, 1e-6);
        page.Heading(2, "Before and after");
        page.Paragraph(string.Create(
            CultureInfo.InvariantCulture,
            $"{width} x {height} pixels from ({x}, {y}) on, in one contrast. Taken out: red where a pixel became "
                + $"darker, blue where brighter, full colour at three times the noise. It should look like noise and "
                + $"nothing else."), "quiet");
        page.Pictures(
            [
                new("noisy", "the input", display.Rgb(Part(noisy)), null),
                new("denoised", "the result", display.Rgb(
                    Part(result)), Display.TakenOut(Part(noisy), Part(result), limit)),
            ],
            width,
            height,
            left: 0,
            right: 1);
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
