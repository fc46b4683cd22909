using System.CommandLine;
using System.Globalization;
using Klar.Formats;

namespace Klar.Cli;

/// <summary>Which image of a file that holds several is meant: <c>--scene</c>, <c>--dataset</c>.</summary>
internal static class SceneChoice
{
    /// <summary>The option for commands that take one.</summary>
    public static Option<string?> Option { get; } = new("--scene")
    {
        Description = "Which image of a file that holds several (CZI, LIF, OME-Zarr, HDF5), counted from 0; "
            + "'klar info' lists them; 'all' with batch",
        HelpName = "N|all",
    };

    /// <summary>The option that names a dataset of HDF5.</summary>
    public static Option<string?> Dataset { get; } = new("--dataset")
    {
        Description = "Which dataset of an HDF5 file, by its path; 'klar info' lists them",
        HelpName = "PATH",
    };

    /// <summary>Adds both to a command.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(Option);
        command.Options.Add(Dataset);
    }

    /// <summary>The number of the image that is asked for in a file; null where none is.</summary>
    /// <exception cref="UserErrorException">It is no number.</exception>
    /// <exception cref="BadImageFileException">The file holds no such dataset, or is damaged.</exception>
    public static int? In(string file, ParseResult parsed)
    {
        if (parsed.GetValue(Dataset) is not { } dataset)
        {
            return Number(parsed);
        }

        return parsed.GetValue(Option) is null
            ? ImageStack.SceneOf(file, dataset)
            : throw UserErrorException.Usage("--dataset and --scene: one of them says which image is meant");
    }

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
