using System.CommandLine;
using System.Globalization;
using Klar.Catalogue;
using Klar.Cli.Training;
using Klar.Formats.Denoising;
using Klar.Noise;
using Klar.SelfSupervised.Trained;

namespace Klar.Cli;

/// <summary>The options that choose and set methods, shared by <c>denoise</c> and <c>compare</c>.</summary>
internal sealed class MethodChoice
{
    private readonly Option<string[]> _set = new("--set")
    {
        Description = "Set an option of a method, for example zs-n2n.steps=1000 ('klar methods NAME' lists them)",
        HelpName = "METHOD.OPTION=VALUE",
        AllowMultipleArgumentsPerToken = true,
    };

    private readonly Option<string> _sigma = new("--sigma")
    {
        Description =
            "The noise's standard deviation in 255ths of white, or in grey levels of the file (120gl), or auto",
        HelpName = "auto|N|Ngl",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly KnownNoiseOptions _known = new();

    private readonly Option<float> _strength = new("--strength")
    {
        Description = "How much of the noise to take out, 0 to 1; below 1 the input is mixed back",
        HelpName = "0..1",
        DefaultValueFactory = static _ => 1,
    };

    private readonly Option<string> _hotPixels = new("--hot-pixels")
    {
        Description = "Find stuck pixels and replace them by the median of their neighbours before the method runs",
        HelpName = "auto|off",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly Option<string> _stripes = new("--stripes")
    {
        Description = "Take the offsets of rows or columns out before the method runs "
            + "(auto: those that are noise beyond doubt)",
        HelpName = "auto|off|rows|columns|both",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly Option<string> _noiseModel = new("--noise-model")
    {
        Description = "Noise that is assumed around methods that model it: measured, or one kind, or none",
        HelpName = "auto|gaussian|poisson-gaussian|none",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly Option<string> _declip = new("--declip")
    {
        Description = "Undo what clipping at black and white did to the noise's mean",
        HelpName = "auto|on|off",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly Option<string> _channels = new("--channels")
    {
        Description = "Take the channels of an image together or one by one (auto: red, green and blue together)",
        HelpName = "auto|joint|separate",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly Option<string> _effort = new("--effort")
    {
        Description = "How much time klar may take: some seconds, ten, or half a minute for 512 x 512",
        HelpName = "fast|normal|best",
    };

    private readonly Dictionary<string, TrainedModel> _models = [];

    public void AddTo(Command command)
    {
        command.Options.Add(_effort);
        command.Options.Add(_noiseModel);
        command.Options.Add(_declip);
        command.Options.Add(_channels);
        command.Options.Add(_strength);
        command.Options.Add(_hotPixels);
        command.Options.Add(_stripes);
        command.Options.Add(_set);
        command.Options.Add(_sigma);
        _known.AddTo(command);
    }

    /// <summary>The method of that name, or the model of that file, set as the command line says.</summary>
    /// <exception cref="UserErrorException">An option makes no sense.</exception>
    public MethodRequest Bind(string name, ParseResult parsed)
    {
        TrainedModel? model = Model(name);
        Method? method = model is null ? Find(name) : null;
        (double Level, bool InGreyLevels)? sigma = Sigma(parsed);
        var request = new MethodRequest
        {
            Name = name,
            Method = method,
            Model = model,
            Settings = method is null ? new Dictionary<string, string>() : SettingsOf(method, parsed),
            Handling = Handling(parsed) with
            {
                Sigma = sigma is { InGreyLevels: false } given ? (float)given.Level / 255f : null,
            },
            SigmaGreyLevels = sigma is { InGreyLevels: true } inGreyLevels ? inGreyLevels.Level : null,
            SeparatesChannels = IsSeparate(parsed),
            Strength = CheckedStrength(parsed),
            RepairsHotPixels = RepairsHotPixels(parsed),
            Stripes = Stripes(parsed),
        };

        // Bad settings are refused before any file is touched.
        _ = Tried(() => request.Create(new RunSettings()));
        return request;
    }

    /// <summary>Refuses noise that a file of this scale cannot have.</summary>
    /// <exception cref="InvalidRequestException">The message names the option.</exception>
    public void RefuseImpossibleNoise(ParseResult parsed, SampleScale scale) => NoiseLimits.Refuse(
        Sigma(parsed) is { InGreyLevels: true } given ? given.Level : null, Handling(parsed).Known, scale);

    /// <summary>What was chosen, an option in each line.</summary>
    public IEnumerable<string> Chosen(ParseResult parsed) =>
    [
        $"effort={parsed.GetValue(_effort)}",
        $"noise-model={parsed.GetValue(_noiseModel)}",
        $"declip={parsed.GetValue(_declip)}",
        $"channels={parsed.GetValue(_channels)}",
        string.Create(CultureInfo.InvariantCulture, $"strength={parsed.GetValue(_strength)}"),
        $"hot-pixels={parsed.GetValue(_hotPixels)}",
        $"stripes={parsed.GetValue(_stripes)}",
        $"set={string.Join(' ', parsed.GetValue(_set) ?? [])}",
        $"sigma={parsed.GetValue(_sigma)}",
        .. _known.Chosen(parsed),
    ];

    /// <summary>
    /// Options that are given and that have no effect on these methods, or overrule each other, a line each.
    /// </summary>
    public IEnumerable<string> Contradictions(IReadOnlyCollection<string> methods, ParseResult parsed)
    {
        bool Given(Option option) => parsed.GetResult(option) is { Implicit: false };

        Method[] known = [.. methods.Where(static name => !ModelFile.Is(name)).Select(Find)];
        string all = string.Join(", ", methods);
        (string Method, string Option, string Value)[] settings = [.. Settings(parsed)];
        foreach ((string of, string option, string value) in settings)
        {
            if (!methods.Contains(of))
            {
                yield return $"--set {of}.{option}={value} has no effect on {all}";
            }
            else if (Given(_sigma) && Find(of).Options.Any(one => one.IsNoiseLevel && one.Name == option))
            {
                yield return $"--set {of}.{option}={value} overrules --sigma {parsed.GetValue(_sigma)}";
            }
            else if (option == "effort" && Given(_effort))
            {
                yield return $"--set {of}.{option}={value} overrules --effort {parsed.GetValue(_effort)}";
            }
        }

        if (known.All(static method => !method.ModelsNoise))
        {
            foreach (Option option in ((Option[])[_sigma, _noiseModel, _declip, .. _known.All]).Where(Given))
            {
                yield return $"{option.Name} has no effect on {all}, which does not model noise";
            }
        }

        if (Given(_effort) && known.All(static method => !method.TakesEffort))
        {
            yield return $"--effort has no effect on {all}";
        }
    }

    /// <summary>The effort as it stands, if it is one.</summary>
    public static string CheckedEffort(string effort) => effort is "fast" or "normal" or "best"
        ? effort
        : throw UserErrorException.Usage($"--effort {effort}: it takes fast, normal or best");

    private Dictionary<string, string> SettingsOf(Method method, ParseResult parsed)
    {
        var settings = new Dictionary<string, string>();
        foreach ((string of, string option, string value) in Settings(parsed))
        {
            if (of == method.Name)
            {
                settings[option] = value;
            }
        }

        if (parsed.GetValue(_effort) is { } effort && CheckedEffort(effort) is { } known && method.TakesEffort)
        {
            settings.TryAdd("effort", known);
        }

        if (method.NoiseLevel is { } level
            && settings.TryGetValue(level.Name, out string? own)
            && StrictNumber.TryParse(own, out double stated)
            && stated > 0)
        {
            _ = NoiseLimits.Plausible(stated, own);
        }

        return settings;
    }

    private float CheckedStrength(ParseResult parsed)
    {
        float strength = parsed.GetValue(_strength);
        return strength >= 0 && strength <= 1
            ? strength
            : throw UserErrorException.Usage(string.Create(
                CultureInfo.InvariantCulture, $"--strength {strength}: it takes a number from 0 to 1"));
    }

    private bool IsSeparate(ParseResult parsed) => parsed.GetValue(_channels) switch
    {
        "separate" => true,
        "auto" or "joint" or null => false,
        string other => throw UserErrorException.Usage($"--channels {other}: it takes auto, joint or separate"),
    };

    private bool RepairsHotPixels(ParseResult parsed) => parsed.GetValue(_hotPixels) switch
    {
        "off" => false,
        "auto" or null => true,
        string other => throw UserErrorException.Usage($"--hot-pixels {other}: it takes auto or off"),
    };

    private StripeHandling Stripes(ParseResult parsed) => parsed.GetValue(_stripes) switch
    {
        "auto" or null => StripeHandling.Auto,
        "off" => StripeHandling.Off,
        "rows" => StripeHandling.Rows,
        "columns" => StripeHandling.Columns,
        "both" => StripeHandling.Both,
        string other => throw UserErrorException.Usage(
            $"--stripes {other}: it takes auto, off, rows, columns or both"),
    };

    /// <summary>
    /// The model in the file that stands for a method; null where it is no file's name. It is read once.
    /// </summary>
    /// <exception cref="UserErrorException">The file cannot be read, or is no model.</exception>
    private TrainedModel? Model(string name)
    {
        if (!ModelFile.Is(name))
        {
            return null;
        }

        if (!_models.TryGetValue(name, out TrainedModel? model))
        {
            _models[name] = model = ModelFile.Load(name);
        }

        return model;
    }

    /// <summary>The method, or a line that lists those there are.</summary>
    public static Method Find(string name) =>
        MethodCatalogue.Find(name) ?? throw UserErrorException.Usage(
            name == "noise2noise" ? "noise2noise is trained on two takes of each scene: 'klar train noise2noise' "
                + "makes a model, and -m takes its file"
            : ModelFile.Is(name) ? $"{name}: a model's file stands for a method in 'denoise -m', 'batch -m' and "
                + $"'compare --methods'"
            : $"there is no method '{name}' (there are "
                + $"{string.Join(", ", MethodCatalogue.All.Select(static method => method.Name))})");

    /// <summary>The method's denoiser; a bad setting is the user's failure.</summary>
    public static IDenoiser Made(Method method, IReadOnlyDictionary<string, string> settings, RunSettings run) =>
        Tried(() => method.Create(settings, run));

    private static IDenoiser Tried(Func<IDenoiser> create)
    {
        try
        {
            return create();
        }
        catch (FormatException failure)
        {
            throw UserErrorException.Usage(failure.Message);
        }
    }

    private NoiseHandling Handling(ParseResult parsed) => new()
    {
        Known = _known.Of(parsed, parsed.GetValue(_sigma) != "auto"),
        Model = parsed.GetValue(_noiseModel) switch
        {
            "auto" or null => NoiseAssumption.Auto,
            "gaussian" => NoiseAssumption.Gaussian,
            "poisson-gaussian" => NoiseAssumption.PoissonGaussian,
            "none" => NoiseAssumption.None,
            string other => throw UserErrorException.Usage(
                $"--noise-model {other}: it takes auto, gaussian, poisson-gaussian or none"),
        },
        Declip = parsed.GetValue(_declip) switch
        {
            "auto" or null => null,
            "on" => true,
            "off" => false,
            string other => throw UserErrorException.Usage($"--declip {other}: it takes auto, on or off"),
        },
    };

    /// <summary>The level that was given, in 255ths of white or in the file's grey levels; null for auto.</summary>
    private (double Level, bool InGreyLevels)? Sigma(ParseResult parsed)
    {
        string text = parsed.GetValue(_sigma)!;
        if (text == "auto")
        {
            return null;
        }

        bool inGreyLevels = text.EndsWith("gl", StringComparison.Ordinal);
        bool number = StrictNumber.TryParse(inGreyLevels ? text[..^2] : text, out double sigma);
        return number && sigma > 0
            ? (inGreyLevels ? sigma : NoiseLimits.Plausible(sigma, text), inGreyLevels)
            : throw UserErrorException.Usage(
                $"--sigma {text}: it takes a number above 0, in 255ths of white (25) or in grey levels of the file "
                + "(120gl), or auto");
    }

    private IEnumerable<(string Method, string Option, string Value)> Settings(ParseResult parsed)
    {
        foreach (string setting in parsed.GetValue(_set) ?? [])
        {
            int dot = setting.IndexOf('.', StringComparison.Ordinal);
            int equals = setting.IndexOf('=', StringComparison.Ordinal);
            if (dot < 1 || equals < dot + 2)
            {
                throw UserErrorException.Usage(
                    $"--set {setting}: write METHOD.OPTION=VALUE, for example zs-n2n.steps=1000");
            }

            Method method = Find(setting[..dot]);
            string option = setting[(dot + 1)..equals];
            if (method.Options.All(known => known.Name != option))
            {
                throw UserErrorException.Usage(
                    $"{method.Name} has no option '{option}' (it has "
                        + $"{string.Join(", ", method.Options.Select(static known => known.Name))})");
            }

            yield return (method.Name, option, setting[(equals + 1)..]);
        }
    }
}
