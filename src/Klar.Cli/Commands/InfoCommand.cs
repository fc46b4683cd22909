using System.CommandLine;
using System.Globalization;
using Klar.Formats;
using Klar.Formats.Denoising;

namespace Klar.Cli.Commands;

/// <summary><c>klar info FILE</c></summary>
internal sealed class InfoCommand
{
    private readonly Argument<string> _file = new("FILE") { Description = "An image file" };

    private readonly Option<string?> _axes = new("--axes")
    {
        Description = "What the pages are, where the file does not say or is wrong: TZCYX, or T10Z5YX with sizes",
        HelpName = "AXES"
    };

    public static Command Create()
    {
        var self = new InfoCommand();
        var command = new Command("info", "What an image file holds.") { self._file, self._axes };
        SceneChoice.AddTo(command);
        command.SetAction(parsed => (int)self.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        string path = parsed.GetValue(_file)!;
        ImageFileInfo info;
        StackAxes axes;
        string? warning;
        IReadOnlyList<SceneInfo> scenes;
        IReadOnlyList<string> names;
        int? scene;
        try
        {
            scene = SceneChoice.In(path, parsed);
            scenes = ImageStack.Scenes(path);
            if (scenes.Count > 1 && scene is null && !parsed.GetValue(CommonOptions.Json))
            {
                return List(scenes, parsed);
            }

            using ImageStack stack = ImageStack.Open(path, scene ?? 0);
            (info, axes, warning) = (stack.Info, PageSelection.Axes(stack, parsed.GetValue(_axes)), stack.Warning);
            names = stack.ChannelNames;
        }
        catch (Exception failure) when (Outcome.IsExpected(failure))
        {
            throw new UserErrorException(ExitCode.Failed, $"{path}: {Outcome.OneLine(failure)}");
        }

        if (parsed.GetValue(CommonOptions.Json))
        {
            var document = new InfoDocument(
                path, info.Width, info.Height, info.Channels, info.Pages, TypeOf(info), info.HasAlpha, info.Format,
                info.PixelSizeMicrometres, axes.Order + "YX", [.. axes.Sizes, info.Height, info.Width], axes.Source)
            {
                Scenes = scenes.Count > 1 ? [.. scenes.Select(Document)] : null,
                ChannelNames = names.Count > 0 ? names : null,
                Warning = warning,
            };
            Terminal.PrintJson(document, Documents.Default.InfoDocument);
            return ExitCode.Done;
        }

        Terminal.Print(Line(info, axes));
        if (names.Count > 0)
        {
            Terminal.Print($"  channels: {string.Join(", ", names)}");
        }

        string? note = warning
            ?? (axes.IsUnknown ? "the file does not say what its pages (I) are: --axes names them" : null);
        if (note is not null)
        {
            Terminal.Of(parsed).Say($"  {note}");
        }

        return ExitCode.Done;
    }

    private static ExitCode List(IReadOnlyList<SceneInfo> scenes, ParseResult parsed)
    {
        foreach (SceneInfo scene in scenes)
        {
            string name = scene.Name.Length > 0 ? $"{scene.Name.ReplaceLineEndings(" ")}: " : string.Empty;
            Terminal.Print($"{scene.Number}: {name}{Line(scene.Info, scene.Axes)}");
        }

        Terminal.Of(parsed).Say($"  it holds {scenes.Count} images: --scene N takes one");
        return ExitCode.Done;
    }

    private static SceneDocument Document(SceneInfo scene) => new(
        scene.Number, scene.Name, scene.Axes.Order + "YX", [.. scene.Axes.Sizes, scene.Info.Height, scene.Info.Width],
        TypeOf(scene.Info));

    private static string TypeOf(ImageFileInfo info) => info.SampleType.ToString().ToLowerInvariant();

    private static string Line(ImageFileInfo info, StackAxes axes)
    {
        string pages = axes.Order.Length > 0 ? $"{axes} " : string.Empty;
        char letter = axes.Order.Contains('C', StringComparison.Ordinal) ? 'S' : 'C';
        string channels = info.Channels > 1 ? $"{letter}={info.Channels} " : string.Empty;
        string alpha = info.HasAlpha ? " + alpha" : string.Empty;
        string pixel = info.PixelSizeMicrometres is { } size
            ? string.Create(CultureInfo.InvariantCulture, $", {size:G4} um/px")
            : string.Empty;
        return $"{pages}{channels}Y={info.Height} X={info.Width} {TypeOf(info)}{alpha}{pixel} ({axes.Source})";
    }
}
