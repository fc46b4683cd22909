using System.CommandLine;
using System.Globalization;
using Klar.Formats;

namespace Klar.Cli.Commands;

/// <summary><c>klar info FILE</c></summary>
internal sealed class InfoCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "An image file" };

    private readonly Option<string?> _axes = new("--axes") { Description = "What the pages are, where the file does not say or is wrong: TZCYX, or T10Z5YX with sizes", HelpName = "AXES" };

    public static Command Create()
    {
        var self = new InfoCommand();
        var command = new Command("info", "What an image file holds.") { self._file, self._axes };
        command.SetAction(parsed => (int)self.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_file)!;
        ImageFileInfo info;
        StackAxes axes;
        string? warning;
        try
        {
            using ImageStack stack = ImageStack.Open(path);
            (info, axes, warning) = (stack.Info, PageSelection.Axes(stack, parsed.GetValue(_axes)), stack.Warning);
        }
        catch (Exception trouble) when (Outcome.IsExpected(trouble))
        {
            throw new ExpectedTroubleException(ExitCode.Failed, $"{path}: {Outcome.OneLine(trouble)}");
        }

        string type = info.SampleType.ToString().ToLowerInvariant();
        if (parsed.GetValue(CommonOptions.Json))
        {
            var document = new InfoDocument(
                path, info.Width, info.Height, info.Channels, info.Pages, type, info.HasAlpha, info.Format, info.PixelSizeMicrometres, axes.Order + "YX", [.. axes.Sizes, info.Height, info.Width], axes.Source);
            Terminal.PrintJson(document, Documents.Default.InfoDocument);
            return ExitCode.Done;
        }

        string pages = axes.Order.Length > 0 ? $"{axes} " : string.Empty;
        string channels = info.Channels > 1 ? $"{(axes.Order.Contains('C', StringComparison.Ordinal) ? 'S' : 'C')}={info.Channels} " : string.Empty;
        string alpha = info.HasAlpha ? " + alpha" : string.Empty;
        string pixel = info.PixelSizeMicrometres is { } size ? string.Create(CultureInfo.InvariantCulture, $", {size:G4} um/px") : string.Empty;
        Terminal.Print($"{pages}{channels}Y={info.Height} X={info.Width} {type}{alpha}{pixel} ({axes.Source})");
        string? note = warning ?? (axes.IsUnknown ? "the file does not say what its pages (I) are: --axes names them" : null);
        if (note is not null)
        {
            Terminal.Of(parsed).Say($"  {note}");
        }

        return ExitCode.Done;
    }
}
