using System.Globalization;
using Klar.Noise;

namespace Klar.Catalogue;

/// <summary>How an option is read into, and out of, a method's record.</summary>
internal sealed record OptionOf<TOptions>(MethodOption Option, Func<TOptions, string, TOptions> Set);

/// <summary>A method with its record of options.</summary>
internal sealed class MethodOf<TOptions> : Method
    where TOptions : class, new()
{
    private readonly OptionOf<TOptions>[] _options;
    private readonly Func<TOptions, RunSettings, IDenoiser> _create;
    private readonly Func<TOptions, NoiseHandling, RunSettings, IDenoiser>? _createAware;

    public MethodOf(
        string name, string summary, string paper, string assumes, int? reach, OptionOf<TOptions>[] options, Func<TOptions, RunSettings, IDenoiser> create,
        Func<TOptions, NoiseHandling, RunSettings, IDenoiser>? createAware = null)
        : base(name, summary, paper, assumes, reach, [.. options.Select(static option => option.Option)]) =>
        (_options, _create, _createAware) = (options, create, createAware);

    public override IDenoiser Create(IReadOnlyDictionary<string, string> settings, RunSettings run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _create(Read(settings), run);
    }

    public override IDenoiser CreateAware(IReadOnlyDictionary<string, string> settings, NoiseHandling handling, RunSettings run) =>
        _createAware is null ? base.CreateAware(settings, handling, run) : _createAware(Read(settings), handling, run);

    private TOptions Read(IReadOnlyDictionary<string, string> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var options = new TOptions();
        foreach ((string name, string value) in settings)
        {
            OptionOf<TOptions> option = Array.Find(_options, option => option.Option.Name == name)
                ?? throw new FormatException($"{Name} has no option '{name}' (it has {string.Join(", ", Options.Select(static o => o.Name))})");
            try
            {
                options = option.Set(options, value);
            }
            catch (Exception trouble) when (trouble is FormatException or OverflowException or ArgumentOutOfRangeException)
            {
                throw new FormatException($"'{value}' is no value for {Name}.{name}: it takes {option.Option.Range}");
            }
        }

        return options;
    }
}

/// <summary>Texts to values, the same in every country.</summary>
internal static class OptionText
{
    public static int Whole(string text) => int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture);

    public static float Number(string text) => float.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    public static Effort EffortOf(string text) => text switch
    {
        "fast" => Effort.Fast,
        "normal" => Effort.Normal,
        "best" => Effort.Best,
        _ => throw new FormatException(text),
    };

    /// <summary>A noise level in 255ths of white, or null for <c>auto</c>.</summary>
    public static float? Sigma(string text) => text == "auto" ? null : Number(text) / 255f;
}
