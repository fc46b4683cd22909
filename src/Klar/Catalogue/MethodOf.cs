using Klar.Noise;

namespace Klar.Catalogue;

/// <summary>A method with its record of options.</summary>
internal sealed class MethodOf<TOptions> : Method
    where TOptions : class, new()
{
    private IReadOnlyList<MethodOption> _options = [];
    private OptionOf<TOptions>? _level;

    /// <summary>Its options.</summary>
    public required IReadOnlyList<OptionOf<TOptions>> Settings
    {
        get;
        init
        {
            field = value;
            _level = value.FirstOrDefault(static option => option.Level is not null);
            _options = [.. value.Select(static option => option.Option)];
        }
    }

    /// <summary>The method alone.</summary>
    public required Func<TOptions, RunSettings, IDenoiser> Bare { get; init; }

    /// <summary>The method for a noise of which more is known than its level; null where the level is all.</summary>
    public Func<AdditiveNoise, TOptions, RunSettings, IDenoiser>? Against { get; init; }

    /// <summary>The method where it measures the noise by itself; null where that is done around it.</summary>
    public Func<TOptions, NoiseHandling, RunSettings, IDenoiser>? NoiseAware { get; init; }

    public override IReadOnlyList<MethodOption> Options => _options;

    public override IDenoiser Create(IReadOnlyDictionary<string, string> settings, RunSettings run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return Bare(Read(settings), run);
    }

    public override IDenoiser CreateAware(
        IReadOnlyDictionary<string, string> settings, NoiseHandling handling, RunSettings run)
    {
        ArgumentNullException.ThrowIfNull(handling);
        TOptions options = Read(settings);
        if (NoiseAware is not null)
        {
            return NoiseAware(options, handling, run);
        }

        if (_level is { Level: { } level, WithLevel: { } withLevel })
        {
            bool isSet = settings.ContainsKey(_level.Option.Name);
            float? sigma = isSet ? level(options) : handling.Sigma;
            (options, handling) = (withLevel(options, sigma), isSet && sigma is null
                ? handling
                : handling with { Sigma = sigma });
        }

        IDenoiser bare = Bare(options, run); // refuses bad settings at once
        bool runsBare = Settings.Any(option => option.RunsBare && settings.ContainsKey(option.Option.Name));
        if (!ModelsNoise || runsBare || handling is { Model: NoiseAssumption.None, Declip: false })
        {
            return bare;
        }

        return new NoiseAwareDenoiser(noise => For(noise, options, run), handling, run)
        {
            TakesNoiseForWhite = !ModelsCorrelation,
        };
    }

    private IDenoiser For(AdditiveNoise noise, TOptions options, RunSettings run) =>
        Against is not null ? Against(noise, options, run)
        : _level is { WithLevel: { } withLevel } ? Bare(withLevel(options, noise.Sigma), run)
        : Bare(options, run);

    private TOptions Read(IReadOnlyDictionary<string, string> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var options = new TOptions();
        foreach ((string name, string value) in settings)
        {
            OptionOf<TOptions> option = Settings.FirstOrDefault(option => option.Option.Name == name)
                ?? throw new FormatException(
                    $"{Name} has no option '{name}' "
                    + $"(it has {string.Join(", ", Options.Select(static o => o.Name))})");
            try
            {
                options = option.Set(options, value);
            }
            catch (Exception wrong) when (wrong is FormatException or OverflowException or OptionOutOfRangeException)
            {
                throw new FormatException($"'{value}' is no value for {Name}.{name}: it takes {option.Option.Range}");
            }
        }

        return options;
    }
}
