using System.CommandLine;
using System.Globalization;
using Klar.Formats;

namespace Klar.Cli.Commands;

/// <summary><c>klar info FILE</c></summary>
internal sealed class InfoCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "An image file" };

    public static Command Create()
    {
        var self = new InfoCommand();
        var command = new Command("info", "What an image file holds.") { self._file };
        command.SetAction(parsed => (int)self.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_file)!;
        ImageFileInfo info;
        try
        {
            info = ImageFile.Info(path);
        }
        catch (Exception trouble) when (Outcome.IsExpected(trouble))
        {
            throw new ExpectedTroubleException(ExitCode.Failed, $"{path}: {Outcome.OneLine(trouble)}");
        }

        string type = info.SampleType.ToString().ToLowerInvariant();
        if (parsed.GetValue(CommonOptions.Json))
        {
            var document = new InfoDocument(
                path, info.Width, info.Height, info.Channels, info.Pages, type, info.HasAlpha, info.Format, info.PixelSizeMicrometres);
            Terminal.PrintJson(document, Documents.Default.InfoDocument);
            return ExitCode.Done;
        }

        string pages = info.Pages > 1 ? $"pages={info.Pages} " : string.Empty;
        string channels = info.Channels > 1 ? $"C={info.Channels} " : string.Empty;
        string alpha = info.HasAlpha ? " + alpha" : string.Empty;
        string pixel = info.PixelSizeMicrometres is { } size ? string.Create(CultureInfo.InvariantCulture, $", {size:G4} um/px") : string.Empty;
        Terminal.Print($"{pages}{channels}Y={info.Height} X={info.Width} {type}{alpha}{pixel} ({info.Format})");
        return ExitCode.Done;
    }
}
