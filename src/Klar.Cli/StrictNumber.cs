using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Klar.Cli;

/// <summary>
/// Numbers on the command line: digits and a point, never a comma, whatever the language. 0,1 would else be read as 1,
/// and a result be wrong without a word.
/// </summary>
internal static class StrictNumber
{
    private const NumberStyles Style =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads a number with a point; it is finite.</summary>
    public static bool TryParse(string text, out double number) =>
        double.TryParse(text, Style, CultureInfo.InvariantCulture, out number) && double.IsFinite(number);

    /// <summary>What is wrong with a text that is no number, with the form that was probably meant.</summary>
    public static string Advice(string text) =>
        text.Contains(',', StringComparison.Ordinal) && TryParse(text.Replace(',', '.'), out _)
            ? $"write {text.Replace(',', '.')}, with a point"
            : "it takes a number, for example 0.5";

    /// <summary>Lets every option of a command and of those below it that takes a number read it here.</summary>
    public static void Apply(Command command)
    {
        foreach (Option option in command.Options)
        {
            switch (option)
            {
                case Option<double> one: one.CustomParser = Fraction<double>; break;
                case Option<double?> one: one.CustomParser = static result => Fraction<double>(result); break;
                case Option<float> one: one.CustomParser = Fraction<float>; break;
                case Option<float?> one: one.CustomParser = static result => Fraction<float>(result); break;
                case Option<int> one: one.CustomParser = Whole<int>; break;
                case Option<int?> one: one.CustomParser = static result => Whole<int>(result); break;
                case Option<long> one: one.CustomParser = Whole<long>; break;
                case Option<long?> one: one.CustomParser = static result => Whole<long>(result); break;
                case Option<ulong> one: one.CustomParser = Whole<ulong>; break;
                default: break;
            }
        }

        foreach (Command below in command.Subcommands)
        {
            Apply(below);
        }
    }

    private static T Fraction<T>(ArgumentResult result)
        where T : struct, INumberBase<T>
    {
        string text = result.Tokens[0].Value;
        if (TryParse(text, out double number))
        {
            return T.CreateSaturating(number);
        }

        result.AddError($"{NameOf(result)} {text}: {Advice(text)}");
        return default;
    }

    private static T Whole<T>(ArgumentResult result)
        where T : struct, INumberBase<T>
    {
        string text = result.Tokens[0].Value;
        if (T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T number))
        {
            return number;
        }

        result.AddError($"{NameOf(result)} {text}: it takes a whole number");
        return default;
    }

    private static string NameOf(ArgumentResult result) =>
        (result.Parent as OptionResult)?.Option.Name ?? result.Argument.Name;
}
