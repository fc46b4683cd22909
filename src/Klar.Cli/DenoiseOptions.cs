using System.CommandLine;
using System.CommandLine.Completions;
using Klar.Catalogue;
using Klar.Cli.Training;
using Klar.Formats.Denoising;
using Klar.Noise.Structured;

namespace Klar.Cli;

/// <summary>
/// The options of <c>denoise</c> and <c>batch</c>, which become a request once, before any file is touched.
/// </summary>
internal sealed class DenoiseOptions
{
    private readonly Option<string> _method = new("--method", "-m")
    {
        Description = "Method ('klar methods' lists them), or the file of a model that 'klar train' made",
        HelpName = "METHOD|MODEL.safetensors",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly Option<string> _warmStart = new("--warm-start")
    {
        Description = "Begin each training with the network of the file or page before: "
            + "a tenth of the steps, for frames that follow each other",
        HelpName = "off|on",
        DefaultValueFactory = static _ => "off",
    };

    private readonly Option<string?> _axes = new("--axes")
    {
        Description = "What the pages of a stack are, where the file does not say or is wrong: "
            + "TZCYX, or T10Z5YX with sizes",
        HelpName = "AXES",
    };

    private readonly Option<string[]> _select = new("--select")
    {
        Description = "Take only these pages of a stack, counted from 0, for example c=0,2 z=3-8",
        HelpName = "AXIS=PLACES",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _across = new("--across")
    {
        Description = "Let neighbouring pages of a stack help each other, along time or depth "
            + "(auto: along time, or else depth, wherever pages show the same scene)",
        HelpName = "auto|off|t|z",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly Option<int> _reachPages = new("--reach-pages")
    {
        Description = "How many pages on each side may help a page, 1 to 16",
        HelpName = "N",
        DefaultValueFactory = static _ => new AcrossOptions().Reach,
    };

    private readonly Option<string> _drift = new("--drift")
    {
        Description = "The level of pages, which flicker and bleaching change: neighbours are matched to a page, which "
            + "keeps its own level (auto), are taken as they are (off), or every page is written at the level of the "
            + "first (on)",
        HelpName = "auto|on|off",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly Option<string?> _dark = new("--dark")
    {
        Description =
            "Frames without light, one or a stack: the camera's fixed pattern that they show is taken out first",
        HelpName = "FILE",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Skip what a run with the same input and settings has done, "
            + "and go on with a stack at the page where it stopped",
    };

    private readonly Option<string?> _maxMemory = new("--max-memory")
    {
        Description = "The most memory to take; larger pages go through the method in tiles "
            + "(default: 4G, whatever the machine has)",
        HelpName = "SIZE",
    };

    private readonly Option<string?> _outputType = new("--output-type")
    {
        Description = "Sample type of the result: the file's own, 32-bit floats, or 16-bit whole numbers; "
            + "values stay as they are (default: the file's own, or floats where its noise is below one grey level)",
        HelpName = "same|float|uint16",
    };

    private readonly Option<string> _nonFinite = new("--nan")
    {
        Description = "Pixels that are NaN or infinite: refuse the file, or keep them and denoise around them",
        HelpName = "refuse|keep",
        DefaultValueFactory = static _ => "refuse",
    };

    private readonly Option<bool> _report = new("--report")
    {
        Description = "Also write NAME_report.html: the noise that was found, before and after, what was taken out, "
            + "and whether to trust it; of a stack, for the page in the middle",
    };

    private readonly Option<bool> _residual = new("--residual")
    {
        Description = "Also write what was taken out, NAME_residual.tif: it should look like noise and nothing else",
    };

    private readonly Option<bool> _uncertainty = new("--uncertainty")
    {
        Description = "Also write how far each pixel may be off (one standard deviation), NAME_uncertainty.tif; "
            + "runs the method three times",
    };

    private readonly StorageOptions _storage = new();
    private readonly MethodChoice _choice = new();

    public void AddTo(Command command)
    {
        _method.CompletionSources.Add(
            static _ => MethodCatalogue.All.Select(static method => new CompletionItem(method.Name)));
        command.Options.Add(_method);
        command.Options.Add(_warmStart);
        command.Options.Add(_axes);
        command.Options.Add(_select);
        command.Options.Add(_across);
        command.Options.Add(_reachPages);
        command.Options.Add(_drift);
        command.Options.Add(_dark);
        SceneChoice.AddTo(command);
        command.Options.Add(_resume);
        command.Options.Add(_maxMemory);
        command.Options.Add(_outputType);
        _storage.AddTo(command);
        command.Options.Add(_nonFinite);
        _choice.AddTo(command);
        command.Options.Add(_report);
        command.Options.Add(_residual);
        command.Options.Add(_uncertainty);
    }

    /// <summary>The request that the command line makes.</summary>
    /// <exception cref="UserErrorException">It makes no sense.</exception>
    public DenoiseRequest Bind(ParseResult parsed)
    {
        RunSettings run = CommonOptions.Run(parsed) with
        {
            WarmStart = parsed.GetValue(_warmStart) switch
            {
                "on" => new WarmStart(),
                "off" => null,
                var other => throw UserErrorException.Usage($"--warm-start {other}: it takes off or on"),
            },
        };
        DriftHandling drift = Drift(parsed);
        return new DenoiseRequest
        {
            Method = _choice.Bind(parsed.GetValue(_method)!, parsed) with
            {
                FixedPattern = parsed.GetValue(_dark) is { } dark ? PatternOf(dark) : null,
            },
            Run = run,
            Axes = parsed.GetValue(_axes),
            Select = parsed.GetValue(_select) ?? [],
            Scene = SceneChoice.IsAll(parsed) ? null : SceneChoice.Number(parsed),
            Across = parsed.GetValue(_across) switch
            {
                "auto" or null => AcrossChoice.Auto,
                "off" => AcrossChoice.Off,
                "t" => AcrossChoice.Time,
                "z" => AcrossChoice.Depth,
                var other => throw UserErrorException.Usage($"--across {other}: it takes auto, off, t or z"),
            },
            Neighbours = parsed.GetValue(_reachPages) is >= 1 and <= 16 and int reach
                ? new AcrossOptions { Reach = reach, MatchesLevels = drift != DriftHandling.Off }
                : throw UserErrorException.Usage(
                    $"--reach-pages {parsed.GetValue(_reachPages)}: it takes a whole number from 1 to 16"),
            Drift = drift,
            MaxMemory = MemoryPlan.Parse(parsed.GetValue(_maxMemory)),
            OutputType = parsed.GetValue(_outputType) switch
            {
                null => OutputTypeChoice.Auto,
                "same" => OutputTypeChoice.Same,
                "float" => OutputTypeChoice.Float,
                "uint16" => OutputTypeChoice.UInt16,
                var other => throw UserErrorException.Usage(
                    $"--output-type {other}: it takes same, float or uint16"),
            },
            Write = _storage.Bind(parsed),
            KeepsNonFinite = parsed.GetValue(_nonFinite) switch
            {
                "keep" => true,
                "refuse" or null => false,
                var other => throw UserErrorException.Usage($"--nan {other}: it takes refuse or keep"),
            },
            Resumes = parsed.GetValue(_resume),
            WritesReport = parsed.GetValue(_report),
            WritesResidual = parsed.GetValue(_residual),
            WritesUncertainty = parsed.GetValue(_uncertainty),
            Key = Key(parsed),
            Version = Product.Version,
        };
    }

    private static FixedPattern PatternOf(string file)
    {
        try
        {
            return FixedPattern.Of(InputImage.ReadPages(file, null, default).Select(static page => page.Image));
        }
        catch (Exception failure) when (Outcome.IsExpected(failure) || failure is ArgumentException)
        {
            throw UserErrorException.Usage($"--dark {file}: {Outcome.OneLine(failure)}");
        }
    }

    private DriftHandling Drift(ParseResult parsed) => parsed.GetValue(_drift) switch
    {
        "auto" or null => DriftHandling.Auto,
        "on" => DriftHandling.On,
        "off" => DriftHandling.Off,
        var other => throw UserErrorException.Usage($"--drift {other}: it takes auto, on or off"),
    };

    /// <summary>Options that contradict each other or have no effect, a line each.</summary>
    public IEnumerable<string> Contradictions(ParseResult parsed)
    {
        if (parsed.GetValue(_resume) && parsed.GetValue(CommonOptions.Overwrite))
        {
            yield return "--resume with --overwrite: what is done is kept, "
                + "and whatever else stands in a result's place is replaced";
        }

        if (parsed.GetValue(_resume) && parsed.GetValue(_warmStart) == "on")
        {
            yield return "--warm-start on: stacks begin anew under --resume, because a page depends on those before it";
        }

        foreach (string line in _choice.Contradictions([parsed.GetValue(_method)!], parsed))
        {
            yield return line;
        }
    }

    /// <summary>What the samples of a result depend on beside the input: version and options, each in a line.</summary>
    private string Key(ParseResult parsed)
    {
        string method = parsed.GetValue(_method)!;
        string model = ModelFile.Is(method) ? Convert.ToHexString(FileHash.Of(method)) : method;
        return string.Join(
            '\n',
            [
                $"klar {Product.Version}",
                $"method={model}",
                $"seed={parsed.GetValue(CommonOptions.Seed)}",
                $"warm-start={parsed.GetValue(_warmStart)}",
                $"max-memory={parsed.GetValue(_maxMemory)}",
                $"axes={parsed.GetValue(_axes)}",
                $"select={string.Join(' ', parsed.GetValue(_select) ?? [])}",
                $"across={parsed.GetValue(_across)} {parsed.GetValue(_reachPages)}",
                $"drift={parsed.GetValue(_drift)}",
                $"dark={(parsed.GetValue(_dark) is { } dark ? Convert.ToHexString(FileHash.Of(dark)) : string.Empty)}",
                $"output-type={parsed.GetValue(_outputType)}",
                $"nan={parsed.GetValue(_nonFinite)}",
                .. _storage.Key(parsed) is { Length: > 0 } storage ? [$"storage={storage}"] : Array.Empty<string>(),
                .. _choice.Chosen(parsed),
            ]);
    }
}
