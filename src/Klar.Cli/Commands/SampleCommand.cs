using System.CommandLine;
using Klar.Cli.Viewing;
using Klar.Formats;

namespace Klar.Cli.Commands;

/// <summary><c>klar sample NAME</c>: a generated noisy picture, for the first look at the page.</summary>
internal sealed class SampleCommand
{
    private const int ThumbnailSide = 320;

    private readonly Argument<string> _name = new("NAME") { Description = string.Join(", ", SamplePictures.Names) };
    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "The TIFF file to write; without one a small picture of it goes to stdout",
        HelpName = "FILE"
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new SampleCommand();
        var command = new Command("sample", "A generated noisy picture to try Klar on.") { self._name, self._output };
        command.Hidden = true;
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        (IReadOnlyList<Image> pages, int channels, int slices) = SamplePictures.Of(parsed.GetValue(_name)!, cancel);
        if (parsed.GetValue(_output) is { } path)
        {
            SampleFile.Write(path, pages, channels, slices);
            return ExitCode.Done;
        }

        string folder = AtomicFile.CreateTemporaryFolder("sample");
        try
        {
            string file = Path.Combine(folder, "sample.tif");
            SampleFile.Write(file, pages, channels, slices);
            using ImageStack stack = ImageStack.Open(file, cancel: cancel);
            byte[] picture =
                Thumbnail.Of(stack.Read(StackLevels.Middle(stack, stack.Axes), SampleScale.EightBit), ThumbnailSide);
            StandardStreams.Send(output => output.Write(picture));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return ExitCode.Done;
    }
}
