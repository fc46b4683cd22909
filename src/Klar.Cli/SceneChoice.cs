using System.CommandLine;
using System.Globalization;

namespace Klar.Cli;

/// <summary>Which image of a file that holds several is meant: <c>--scene</c>.</summary>
internal static class SceneChoice
{
    /// <summary>The option for commands that take one.</summary>
    public static Option<string?> Option { get; } = new("--scene")
    {
        Description = "Which image of a file that holds several (CZI, LIF), counted from 0; "
            + "'klar info' lists them; 'all' with batch",
        HelpName = "N|all",
    };

    /// <summary>Whether all images of each file are asked for.</summary>
    public static bool IsAll(ParseResult parsed) => parsed.GetValue(Option) == "all";

    /// <summary>The number that is asked for; null where none is.</summary>
    /// <exception cref="UserErrorException">It is no number.</exception>
    public static int? Number(ParseResult parsed) => parsed.GetValue(Option) switch
    {
        null => null,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) => number,
        var other => throw UserErrorException.Usage(
            $"--scene {other}: it takes a number, counted from 0 ('all' with batch)"),
    };
}
