namespace Klar.Catalogue;

/// <summary>An option of a method, and how it goes into the method's record.</summary>
/// <param name="Option">The option as a user sees it.</param>
/// <param name="Set">The record with a value that is given as text.</param>
internal sealed record OptionOf<TOptions>(MethodOption Option, Func<TOptions, string, TOptions> Set)
{
    public OptionOf(
        string name, string summary, string unit, string range, string @default,
        Func<TOptions, string, TOptions> set)
        : this(new MethodOption(name, summary, unit, range, @default), set)
    {
    }

    /// <summary>
    /// Whether the method runs bare where it is given: it then knows more than is measured around it.
    /// </summary>
    public bool RunsBare { get; init; }

    /// <summary>Of the noise level: its value, in sample units; null where it is measured.</summary>
    public Func<TOptions, float?>? Level { get; private init; }

    /// <summary>Of the noise level: the record with another value, in sample units.</summary>
    public Func<TOptions, float?, TOptions>? WithLevel { get; private init; }

    /// <summary>σ of the noise.</summary>
    public static OptionOf<TOptions> NoiseLevel(
        Func<TOptions, float?> level, Func<TOptions, float?, TOptions> withLevel,
        string summary = "noise level; auto measures it", string range = "a number above 0, or auto")
    {
        var option = new MethodOption("sigma", summary, "255ths of white", range, "auto", IsNoiseLevel: true);
        return new(option, (options, text) => withLevel(options, OptionText.Sigma(text)))
        {
            Level = level,
            WithLevel = withLevel,
        };
    }
}
