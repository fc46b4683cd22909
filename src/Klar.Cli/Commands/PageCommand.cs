using System.CommandLine;
using System.Globalization;
using Klar.Catalogue;
using Klar.Cli.Viewing;
using Klar.Formats;
using Klar.Formats.Denoising;

namespace Klar.Cli.Commands;

/// <summary><c>klar page FILE</c>: a page's samples, as they are or denoised, for programs that show them.</summary>
internal sealed class PageCommand
{
    // Patches lie on grids of steps 3 and 4, and regions begin where the whole page's grid does.
    private const int Step = 48;

    private readonly Argument<string> _file = new("FILE") { Description = "An image file" };
    private readonly Option<int> _page = new("--page") { Description = "The page, counted from 0", HelpName = "N" };
    private readonly Option<string?> _region = new("--region")
    {
        Description = "Only this rectangle of it",
        HelpName = "X,Y,WIDTH,HEIGHT",
    };
    private readonly Option<string?> _method = new("--method", "-m")
    {
        Description = "Denoise it as 'klar denoise' would, with the noise and the range of the whole page or "
            + "channel; auto decides by what it sees around the region",
        HelpName = "METHOD|MODEL.safetensors"
    };
    private readonly Option<string?> _axes = new("--axes")
    {
        Description = "What the pages are, where the file does not say or is wrong",
        HelpName = "AXES",
    };
    private readonly Option<bool> _stdin = new("--stdin")
    {
        Description = "Keep the file open and answer requests on standard input, a line each: 'page N', 'levels', "
            + "'thumbnail SIDE'. An answer is a line of JSON with a number of bytes, and the bytes",
    };
    private readonly MethodChoice _choice = new();

    public static Command Create(CancellationToken cancel)
    {
        var self = new PageCommand();
        var command = new Command(
            "page", "A page's samples, raw on stdout, as they are or denoised: for programs that show them.")
        {
            self._file, self._page, self._region, self._method, self._axes, self._stdin, SceneChoice.Option,
        };
        self._choice.AddTo(command);
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        string path = parsed.GetValue(_file)!;
        byte[] samples = [];
        try
        {
            if (parsed.GetValue(_stdin))
            {
                Answer(path, parsed, cancel);
                return ExitCode.Done;
            }

            samples = Samples(path, parsed, cancel);
        }
        catch (Exception failure) when (Outcome.IsExpected(failure))
        {
            throw new UserErrorException(ExitCode.Failed, $"{path}: {Outcome.OneLine(failure)}");
        }

        StandardStreams.Send(output => output.Write(samples));
        return ExitCode.Done;
    }

    private void Answer(string path, ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(CommonOptions.Attached))
        {
            throw UserErrorException.Usage("--stdin and --attached exclude each other: both read standard input");
        }

        using ImageStack stack = ImageStack.Open(path, SceneChoice.Number(parsed), cancel);
        MemoryPlan.RefuseTooLarge(stack.Info);
        using Stream output = Console.OpenStandardOutput();
        new PageRequests(stack, PageSelection.Axes(stack, parsed.GetValue(_axes)), cancel).Answer(Console.In, output);
    }

    private byte[] Samples(string path, ParseResult parsed, CancellationToken cancel)
    {
        using ImageStack stack = ImageStack.Open(path, SceneChoice.Number(parsed), cancel);
        MemoryPlan.RefuseTooLarge(stack.Info);
        int page = parsed.GetValue(_page);
        if ((uint)page >= (uint)stack.Pages)
        {
            throw UserErrorException.Usage(
                $"--page {page}: the file has {stack.Pages} {(stack.Pages == 1 ? "page" : "pages")}, counted from 0");
        }

        if (parsed.GetValue(_method) is not { } method)
        {
            LoadedImage plain =
                stack.Read(page, stack.Info.SampleType == SampleType.UInt8 ? null : SampleScale.EightBit);
            return ViewSamples.Of(plain, Region(plain.Info, parsed));
        }

        return Denoised(stack, page, method, parsed, cancel);
    }

    /// <summary>
    /// The region with what its result depends on around it, denoised; a filter that sees but its neighbourhood runs
    /// over the whole page, which takes it no time.
    /// </summary>
    private byte[] Denoised(ImageStack stack, int page, string method, ParseResult parsed, CancellationToken cancel)
    {
        StackAxes axes = PageSelection.Axes(stack, parsed.GetValue(_axes));
        int[] all = [.. Enumerable.Range(0, stack.Pages)],
            channel = [.. all.Where(other => axes.PlaceOf(other, 'C') == axes.PlaceOf(page, 'C'))];
        LoadedImage loaded = stack.Read(page, stack.Scale(all));
        _choice.RefuseImpossibleNoise(parsed, loaded.Image.Scale);
        (int x, int y, int width, int height) = Region(loaded.Info, parsed);
        MethodRequest request = _choice.Bind(method, parsed);
        bool filter = !request.ModelsNoise;
        (int left, int top) = filter ? (0, 0) : (
            Math.Max(0, x - MemoryPlan.Margin) / Step * Step, Math.Max(0, y - MemoryPlan.Margin) / Step * Step);
        (int right, int bottom) = filter ? (loaded.Image.Width, loaded.Image.Height) : (
            Math.Min(loaded.Image.Width, x + width + MemoryPlan.Margin),
            Math.Min(loaded.Image.Height, y + height + MemoryPlan.Margin));
        Image part = loaded.Image.Crop(left, top, right - left, bottom - top);
        StackStatistics statistics =
            ChannelStatistics.Of(stack, channel, loaded.Image.Scale, inTiles: false, decidesOn: part);
        IDenoiser denoiser = request.Create(CommonOptions.Run(parsed) with { Stack = statistics });
        Image denoised = Terminal.Of(parsed).WithProgress(progress => denoiser.Denoise(part, progress, cancel)).Image;
        return ViewSamples.Of(loaded, (x, y, width, height), denoised.Crop(x - left, y - top, width, height));
    }

    private (int X, int Y, int Width, int Height) Region(ImageFileInfo info, ParseResult parsed)
    {
        if (parsed.GetValue(_region) is not { } text)
        {
            return (0, 0, info.Width, info.Height);
        }

        int[] numbers = [.. text.Split(',').Select(static part =>
            int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : -1)];
        return numbers is [>= 0 and var x, >= 0 and var y, > 0 and var width, > 0 and var height]
            && x <= info.Width - width
            && y <= info.Height - height
            ? (x, y, width, height)
            : throw UserErrorException.Usage(
                $"--region {text}: it takes X,Y,WIDTH,HEIGHT inside of {info.Width} x {info.Height} pixels");
    }
}
