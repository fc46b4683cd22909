using System.CommandLine;
using System.Globalization;
using Klar.Catalogue;
using Klar.Formats;
using Klar.Formats.Denoising;
using Klar.Noise;
using Klar.Reports;
using Klar.Reports.Html;
using Spectre.Console;

namespace Klar.Cli.Commands;

/// <summary><c>klar compare IMAGE...</c></summary>
internal sealed class CompareCommand
{
    private static readonly string[] StudyNoises = ["gaussian:25", "poisson:25", "uniform:0.2"];
    private static readonly string[] StudyMethods = ["median", "wiener", "bm3d", "zs-n2n"];
    private static readonly Dictionary<string, Dictionary<string, string>> StudySettings = new()
    {
        ["median"] = new() { ["size"] = "3" },
        ["wiener"] = new() { ["size"] = "3", ["border"] = "zero" },
        ["bm3d"] = new() { ["sigma"] = "25.5" },
        ["zs-n2n"] = new() { ["steps"] = "3000", ["halve-every"] = "1000", ["learning-rate"] = "0.001" },
    };

    private readonly Argument<string[]> _inputs = new("IMAGE")
    {
        Description = "Clean images (--noise), a noisy one (--reference), or noisy ones without ground truth",
        Arity = ArgumentArity.OneOrMore
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Folder for report, table and figures (none: nothing is written)",
        HelpName = "DIR",
    };
    private readonly Option<string> _noise = new("--noise")
    {
        Description = "Noises to add, with commas between them, for example gaussian:25,poisson:25",
        HelpName = "LIST"
    };
    private readonly Option<string> _methods = new("--methods")
    {
        Description = "Methods, with commas between them (default: all)",
        HelpName = "LIST",
    };
    private readonly Option<bool> _noClip = new("--no-clip")
    {
        Description = "Do not clip noisy images to 0..1 (the protocol of the denoising literature)",
    };
    private readonly Option<int?> _crop = new("--crop")
    {
        Description = "Use the central N x N pixels of each image",
        HelpName = "N",
    };
    private readonly Option<bool> _asPublished = new("--as-published")
    {
        Description = "The published comparison: its noises, its methods, its settings",
    };
    private readonly Option<string> _reference = new("--reference")
    {
        Description = "The clean picture of the one noisy IMAGE; of a stack, one with as many pages",
        HelpName = "CLEAN",
    };
    private readonly Option<int> _repeat = new("--repeat")
    {
        Description =
            "Repeat everything with N seeds, from --seed on: the table has their mean, the report's chart their range",
        HelpName = "N",
        DefaultValueFactory = static _ => 1
    };
    private readonly Option<bool> _images = new("--images")
    {
        Description = "With -o: also every result as a float TIFF, in the folder 'images'",
    };
    private readonly MethodChoice _choice = new();

    public static Command Create(CancellationToken cancel)
    {
        var self = new CompareCommand();
        var command = new Command("compare", "Add noise to clean images, run methods, and print the PSNR table.")
        {
            self._inputs, self._output, self._noise, self._methods, self._noClip, self._crop, self._asPublished,
            self._reference, self._images, self._repeat,
        };
        self._choice.AddTo(command);
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        RunSettings run = CommonOptions.Run(parsed);
        bool published = parsed.GetValue(_asPublished);
        string? reference = parsed.GetValue(_reference);
        string[] noises = Noises(parsed, published, reference);
        NamedDenoiser[] Methods(RunSettings one) => [.. MethodNames(parsed, published)
            .Select(name => new NamedDenoiser(name, Denoiser(name, published, parsed, one)))];
        NamedDenoiser[] methods = Methods(run);
        int repeats = parsed.GetValue(_repeat);
        if (repeats is < 1 or > 1000)
        {
            throw UserErrorException.Usage($"--repeat {repeats}: it takes a number from 1 to 1000");
        }

        if (parsed.GetValue(_crop) is { } side && side < 1)
        {
            throw UserErrorException.Usage($"--crop {side}: it takes a number of pixels, at least 1");
        }

        var terminal = Terminal.Of(parsed);
        _choice.Contradictions([.. MethodNames(parsed, published)], parsed).ToList().ForEach(terminal.Say);
        var failures = new List<string>();
        IReadOnlyList<string> files = InputFiles.Of(parsed.GetValue(_inputs)!);
        if (noises.Length == 0 && reference is null)
        {
            return Rank(files, methods, parsed, terminal, cancel);
        }

        if (reference is not null && files.Count != 1)
        {
            throw UserErrorException.Usage("--reference goes with one noisy image");
        }

        List<ComparisonInput> inputs =
            [.. files.SelectMany(file => Load(file, reference, parsed, failures, cancel))];
        if (inputs.Count == 0)
        {
            return ExitCode.Failed;
        }

        string? folder = parsed.GetValue(_output);
        bool overwrite = parsed.GetValue(CommonOptions.Overwrite);
        if (folder is not null)
        {
            foreach (string file in ComparisonFiles.Fixed.Concat(
                Cases(inputs, noises).Select(static one => ComparisonFiles.Figure(one.Image, one.Noise))))
            {
                OutputFile.RefuseExisting(Path.Combine(folder, file), overwrite);
            }
        }

        var report = new ComparisonReport();
        ComparisonRow[] rows = terminal.WithProgress(progress => Enumerable.Range(0, repeats).SelectMany(repeat =>
        {
            RunSettings one = run with { Seed = run.Seed + (ulong)repeat };
            var comparison = new Comparison
            {
                Methods = repeat == 0 ? methods : Methods(one),
                Noises = noises,
                Clip = !parsed.GetValue(_noClip),
                Run = one,
                IsRepeated = repeats > 1,
                Judged = row => terminal.Tell(new RowDocument(row), Documents.Default.RowDocument),
            };
            return comparison.Cases(inputs, PartProgress.Of(progress, "seed", repeat, repeats), cancel);
        }).SelectMany(one =>
        {
            if (folder is not null)
            {
                report.Add(one);
                if ((one.Results[0].Row.Seed ?? run.Seed) == run.Seed)
                {
                    ComparisonFiles.WritePictures(folder, one, parsed.GetValue(_images));
                }
            }

            return one.Results.Select(static result => result.Row);
        }).ToArray());

        if (folder is not null)
        {
            ComparisonFiles.WriteTables(folder, rows, run);
            report.Write(Path.Combine(folder, ComparisonFiles.Report), Product.Run(run));
            terminal.Say(
                $"wrote {Path.Combine(folder, ComparisonFiles.Report)}, "
                + $"{Path.Combine(folder, "table.{csv,json,md,tex}")} and {Cases(inputs, noises).Count()} figures");
        }

        ComparisonFiles.Print(rows, run, parsed.GetValue(CommonOptions.Json));
        return failures.Count == 0 ? ExitCode.Done : ExitCode.SomeFilesFailed;
    }

    /// <summary>Ranks the methods on noisy images by what each is expected to err.</summary>
    private ExitCode Rank(
        IReadOnlyList<string> files, NamedDenoiser[] methods, ParseResult parsed, Terminal terminal,
        CancellationToken cancel)
    {
        if (parsed.GetValue(_output) is not null)
        {
            throw UserErrorException.Usage(
                "-o goes with --noise or --reference: without them nothing is compared with a clean picture");
        }

        RunSettings run = CommonOptions.Run(parsed);
        var ranking = new SelfSupervisedRanking { Methods = methods, Run = run };
        var failures = new List<string>();
        IEnumerable<ComparisonInput> inputs =
            files.SelectMany(file => Load(file, null, parsed, failures, cancel));
        ComparisonRow[] rows = [.. inputs
            .SelectMany(input => terminal.WithProgress(
                progress => ranking.Rows(input.Name, input.Reference, progress, cancel).ToArray()))];
        if (rows.Length == 0)
        {
            return ExitCode.Failed;
        }

        if (parsed.GetValue(CommonOptions.Json))
        {
            ComparisonFiles.Print(rows, run, json: true);
        }
        else
        {
            foreach (IGrouping<string, ComparisonRow> image in rows.GroupBy(static row => row.Image))
            {
                var table = new Table
                {
                    Border = TableBorder.Rounded,
                    Title = new TableTitle(Markup.Escape($"{Path.GetFileName(image.Key)}: expected PSNR, best first"))
                };
                table.AddColumns("method", "expected dB", "seconds");
                foreach (ComparisonRow row in image.OrderByDescending(static row => row.EstimatedPsnr))
                {
                    table.AddRow(
                        row.Method, string.Create(CultureInfo.InvariantCulture, $"{row.EstimatedPsnr:F2}"),
                        string.Create(CultureInfo.InvariantCulture, $"{row.Seconds:F2}"));
                }

                Terminal.Print(table);
            }

            terminal.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"There is no clean picture: the order rests on the noise estimate. On real pairs whose truth is "
                    + $"known it agreed with PSNR with Kendall's tau {SelfSupervisedRanking.MeasuredAgreement:F2}."));
        }

        return failures.Count == 0 ? ExitCode.Done : ExitCode.SomeFilesFailed;
    }

    /// <summary>The noise as it was written, if it is one.</summary>
    public static string CheckedNoise(string noise)
    {
        try
        {
            _ = NoiseModel.Parse(noise);
            return noise;
        }
        catch (FormatException failure)
        {
            throw UserErrorException.Usage(failure.Message);
        }
    }

    private static IEnumerable<(string Image, string? Noise)> Cases(List<ComparisonInput> inputs, string[] noises) =>
        inputs.SelectMany(
            input => input.Noisy is null ? noises.Select(noise => (input.Name, (string?)noise)) : [(input.Name, null)]);

    private string[] Noises(ParseResult parsed, bool published, string? reference)
    {
        string? given = parsed.GetValue(_noise);
        if (reference is not null)
        {
            return given is null ? [] : throw UserErrorException.Usage("--reference and --noise exclude each other");
        }

        if (given is null)
        {
            return published ? StudyNoises : [];
        }

        return [.. given.Split(',', StringSplitOptions.TrimEntries).Select(CheckedNoise)];
    }

    private string[] MethodNames(ParseResult parsed, bool published)
    {
        if (parsed.GetValue(_methods) is { } given)
        {
            return given.Split(',', StringSplitOptions.TrimEntries);
        }

        // A ranking without ground truth runs each method twice on the whole image: what trains at full resolution is
        // left to --methods.
        bool ranking = parsed.GetValue(_noise) is null && parsed.GetValue(_reference) is null;
        return published
            ? [.. StudyMethods.Where(static name => MethodCatalogue.Find(name) is not null)]
            : [.. MethodCatalogue.Comparable
                .Where(method => !ranking || method.Training == TrainingLength.None)
                .Select(static method => method.Name)];
    }

    private IDenoiser Denoiser(string name, bool published, ParseResult parsed, RunSettings run) =>
        published && StudySettings.TryGetValue(name, out Dictionary<string, string>? settings)
            ? MethodChoice.Made(MethodChoice.Find(name), settings, run)
            : _choice.Bind(name, parsed).Create(run);

    private static string Size(Image image) => $"{image.Width}x{image.Height}x{image.Planes.Count}";

    /// <summary>The image, or the pages of a stack that has a reference; none where it cannot be read.</summary>
    private IReadOnlyList<ComparisonInput> Load(
        string file, string? reference, ParseResult parsed, List<string> failures, CancellationToken cancel)
    {
        try
        {
            IReadOnlyList<LoadedImage> judges = reference is null
                ? [InputImage.Read(file, null, cancel)]
                : InputImage.ReadPages(reference, null, cancel);
            SampleScale scale = judges[0].Image.Scale;
            IReadOnlyList<LoadedImage> noisy = reference is null ? [] : InputImage.ReadPages(file, scale, cancel);
            _choice.RefuseImpossibleNoise(parsed, scale);
            if (reference is not null && noisy.Count != judges.Count)
            {
                throw new BadImageFileException($"it has {Pages(noisy.Count)}, the reference {Pages(judges.Count)}");
            }

            return [.. judges.Select((judge, page) => Input(
                judges.Count == 1 ? file : PageName(file, page),
                judge, reference is null ? null : Crop(noisy[page].Image, parsed), parsed))];
        }
        catch (Exception failure) when (Outcome.IsExpected(failure))
        {
            failures.Add(file);
            Terminal.Error($"{file}: {Outcome.OneLine(failure)}");
            return [];
        }
    }

    private ComparisonInput Input(string name, LoadedImage judge, Image? noisy, ParseResult parsed)
    {
        if (MissingSamples.AreIn(judge.Image) || (noisy is not null && MissingSamples.AreIn(noisy)))
        {
            throw new BadImageFileException(
                $"samples of it{(noisy is null ? string.Empty : ", or of the reference,")} are NaN or infinite: "
                + "only finite ones can be compared");
        }

        Image reference = Crop(judge.Image, parsed);
        return noisy is not null && Size(noisy) != Size(reference)
            ? throw new BadImageFileException($"it has {Size(noisy)}, the reference {Size(reference)}")
            : new ComparisonInput(name, reference, noisy) { PixelSizeMicrometres = judge.Info.PixelSizeMicrometres };
    }

    private static string Pages(int count) => count == 1 ? "one page" : $"{count} pages";

    /// <summary>A page of a stack, as rows and figures call it: cells_page003.tif.</summary>
    private static string PageName(string file, int page) => Path.Combine(
        Path.GetDirectoryName(file) ?? string.Empty,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Path.GetFileNameWithoutExtension(file)}_page{page:D3}{Path.GetExtension(file)}"));

    private Image Crop(Image image, ParseResult parsed)
    {
        if (parsed.GetValue(_crop) is not { } side)
        {
            return image;
        }

        if (image.Width < side || image.Height < side)
        {
            throw new BadImageFileException(string.Create(
                CultureInfo.InvariantCulture,
                $"it has {image.Width}x{image.Height} pixels, too few for --crop {side}"));
        }

        return image.Crop((image.Width - side) / 2, (image.Height - side) / 2, side, side);
    }
}
