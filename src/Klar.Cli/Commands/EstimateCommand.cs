using System.CommandLine;
using System.Globalization;
using System.Runtime.CompilerServices;
using Klar.Formats;
using Klar.Formats.Denoising;
using Klar.Noise;
using Klar.Reports;

namespace Klar.Cli.Commands;

/// <summary><c>klar estimate IMAGE</c>: what the noise is, and what to do about it.</summary>
internal sealed class EstimateCommand
{
    private readonly Argument<string> _image = new("IMAGE")
    {
        Description = "The image, or a stack, whose pages are measured together, channel by channel",
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new EstimateCommand();
        var command = new Command(
            "estimate",
            "Measure the noise of an image: level, gain, clipping, correlation, stuck pixels.") { self._image };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        string file = parsed.GetValue(_image)!;
        SampleScale scale;
        IReadOnlyList<MeasuredNoise> noises;
        try
        {
            (scale, noises) = Measured(file, cancel);
        }
        catch (Exception failure) when (Outcome.IsExpected(failure))
        {
            Terminal.Error($"{file}: {Outcome.OneLine(failure)}");
            return ExitCode.Failed;
        }

        if (parsed.GetValue(CommonOptions.Json))
        {
            EstimateDocument[] channels = [.. noises.Select(noise => Document(noise, scale))];
            Terminal.PrintJson(
                channels.Length == 1 ? channels[0] : channels[0] with { Channels = channels },
                Documents.Default.EstimateDocument);
            return ExitCode.Done;
        }

        for (int channel = 0; channel < noises.Count; channel++)
        {
            if (noises.Count > 1)
            {
                Terminal.Print(string.Create(
                    CultureInfo.InvariantCulture, $"{(channel > 0 ? "\n" : string.Empty)}channel {channel}"));
            }

            Print(noises[channel], scale);
        }

        return ExitCode.Done;
    }

    /// <summary>
    /// The noise of each channel of a stack, on some of its pages together; or that of the only page.
    /// </summary>
    private static (SampleScale Scale, IReadOnlyList<MeasuredNoise> Noises) Measured(
        string file, CancellationToken cancel)
    {
        using ImageStack stack = InputImage.Open(file, cancel);
        MemoryPlan.RefuseTooLarge(stack.Info);
        int[] all = [.. Enumerable.Range(0, stack.Pages)];
        SampleScale scale = stack.Scale(all);
        return (scale, stack.Pages == 1
            ? [MeasuredNoise.Of(stack.Read(0, scale).Image, cancel)]
            : [.. all.GroupBy(page => stack.Axes.PlaceOf(page, 'C')).Select(
                channel => MeasuredNoise.Of(stack, [.. channel], scale, cancel))]);
    }

    private static EstimateDocument Document(MeasuredNoise measured, SampleScale scale) => Document(
        measured.Noise, scale) with
    {
        Rows = 255 * measured.Rows,
        Columns = 255 * measured.Columns,
        Drift = measured.Drift,
        AcrossT = measured.AcrossTime,
        AcrossZ = measured.AcrossDepth,
    };

    private static EstimateDocument Document(NoiseEstimate noise, SampleScale scale) => new(
        255 * noise.Sigma, noise.Gain * scale.Range, noise.ReadNoise * scale.Range,
        scale.Black + (noise.Offset * scale.Range), noise.ClippedBlack, noise.ClippedWhite, noise.Lag1,
        Name(noise.Kind), noise.Confidence, noise.HotPixels, Advice(noise), noise.Masked,
        End(noise.DarkEnd, scale), End(noise.BrightEnd, scale),
        noise.Jpeg is { } at ? [at.X, at.Y] : null, noise.BadColumns);

    private static void Print(MeasuredNoise measured, SampleScale scale)
    {
        NoiseEstimate noise = measured.Noise;
        Terminal.Print(NoiseInWords.Sentence(noise, scale));
        Line("level", $"{noise.Sigma * scale.Range:G4} grey levels of the file, {noise.Sigma * 255:G4} of 255");
        if (noise.Gain > 0)
        {
            Line("gain", $"{noise.Gain * scale.Range:G4} grey levels a photon; white is {1 / noise.Gain:G4} photons");
            double ofRead = noise.ReadNoise;
            Line("read noise", $"{ofRead * scale.Range:G4} grey levels, {ofRead / noise.Gain:G3} photons");
            Line("offset", $"{scale.Black + (noise.Offset * scale.Range):G4} grey levels");
        }

        if (noise is { DarkEnd: { } dark, BrightEnd: { } bright })
        {
            LineOfEnd("dark end", dark, scale);
            LineOfEnd("bright end", bright, scale);
        }

        if (noise.Masked > 0)
        {
            Line("left out", $"{noise.Masked} samples in areas of one value (masks, borders, burnt-in marks)");
        }

        if (noise.Jpeg is { } grid)
        {
            Line("compressed", $"the file was a JPEG (grid of 8 at {grid.X}, {grid.Y})");
        }

        Line("clipped", $"{noise.ClippedBlack:P1} at black, {noise.ClippedWhite:P1} at white");
        Line("correlation", noise.Autocorrelation.Count == 0
            ? (FormattableString)$"could not be measured"
            : $"{noise.Lag1:F2} between neighbours");
        Line("stuck pixels", $"{noise.HotPixels}");
        if (noise.BadColumns > 0)
        {
            Line("bad columns", $"{noise.BadColumns}");
        }

        LineOfStripes("rows", measured.Rows, noise, scale);
        LineOfStripes("columns", measured.Columns, noise, scale);
        LineOfPages("drift", measured.Drift, "{0:P1} is the largest change of a page's level over time");
        LineOfPages("across time", measured.AcrossTime, "{0:F2} is the correlation of the noise of neighbouring pages");
        LineOfPages(
            "across depth", measured.AcrossDepth, "{0:F2} is the correlation of the noise of neighbouring pages");
        Line("confidence", $"{noise.Confidence:F2}");
        Line("advice", $"{Advice(noise)}");
        foreach (string warning in noise.Warnings)
        {
            Line("note", $"{warning}");
        }
    }

    private static void LineOfPages(string name, double? value, string text)
    {
        if (value is { } known)
        {
            Line(name, FormattableStringFactory.Create(text, known));
        }
    }

    private static void LineOfStripes(string name, double sigma, NoiseEstimate noise, SampleScale scale)
    {
        if (sigma > 0)
        {
            const string Remedy = "independently of the others; denoise takes that out first (--stripes)";
            (double levels, double share) = (sigma * scale.Range, sigma / noise.Sigma);
            Line(name, $"each is off by about {levels:G3} grey levels ({share:F2} of the noise), {Remedy}");
        }
    }

    private static NoiseLevelDocument? End(NoiseLevel? level, SampleScale scale) =>
        level is null
            ? null
            : new NoiseLevelDocument(
                scale.Black + (level.Brightness * scale.Range), level.Sigma * scale.Range, level.Error);

    private static void LineOfEnd(string name, NoiseLevel level, SampleScale scale)
    {
        double brightness = scale.Black + (level.Brightness * scale.Range);
        Line(name, $"{level.Sigma * scale.Range:G3} (± {level.Error:P0}) at {brightness:G5} grey levels");
    }

    private static void Line(string name, FormattableString text) =>
        Terminal.Print($"{name,-13}{text.ToString(CultureInfo.InvariantCulture)}");

    private static string Name(NoiseKind kind) => kind switch
    {
        NoiseKind.PoissonGaussian => "poisson-gaussian",
        _ => kind.ToString().ToLowerInvariant(),
    };

    private static string Advice(NoiseEstimate noise)
    {
        if (noise.Kind == NoiseKind.None)
        {
            return "leave the image as it is";
        }

        if (noise.Kind == NoiseKind.Impulsive)
        {
            return "median; other methods with --hot-pixels auto, which replaces the struck samples first";
        }

        const double Correlated = 0.25;
        string methods = noise.Lag1 > Correlated
            ? "bm3d, which is told the correlation; not zs-n2n, lichi or nl-ridge, which take the noise for white"
            : "lichi (best), bm3d or nl-ridge (fastest)";
        return noise.CutAtBlack ? methods + "; dark regions are too bright by clipping, which is undone" : methods;
    }
}
