using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Klar.Formats;

namespace Klar.Cli.Viewing;

/// <summary>
/// Answers requests for a file that stays open, a line each on standard input: <c>page N</c>, <c>levels</c>,
/// <c>thumbnail SIDE</c>. An answer is a line of JSON with the number of bytes that follow it, or with what went wrong.
/// </summary>
internal sealed class PageRequests(ImageStack stack, StackAxes axes, CancellationToken cancel)
{
    private const int MaxThumbnail = 512;

    // Whoever asked is gone, and a decoder that hangs must not stay behind.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Answers until the input ends.</summary>
    public void Answer(TextReader input, Stream output)
    {
        var requests = new BlockingCollection<string>(); // not disposed: the reading thread may still be at it
        new Thread(() => Read(input, requests)) { IsBackground = true, Name = "requests" }.Start();
        foreach (string request in requests.GetConsumingEnumerable(cancel))
        {
            (PageAnswer head, byte[] body) = Answered(request);
            output.Write(Encoding.UTF8.GetBytes(
                JsonSerializer.Serialize(head, Documents.Default.PageAnswer) + "\n"));
            output.Write(body);
            output.Flush();
        }
    }

    private static void Read(TextReader input, BlockingCollection<string> requests)
    {
        while (input.ReadLine() is { } request)
        {
            requests.Add(request);
        }

        requests.CompleteAdding();
        Thread.Sleep(Grace);
        Environment.Exit((int)ExitCode.Interrupted);
    }

    private (PageAnswer Head, byte[] Body) Answered(string request)
    {
        try
        {
            byte[] body = Body(request);
            return (new PageAnswer(body.Length, null, false), body);
        }
        catch (UserErrorException failure) when (failure.Code == ExitCode.WrongUsage)
        {
            return (new PageAnswer(0, failure.Message, true), []);
        }
        catch (Exception failure) when (Outcome.IsExpected(failure))
        {
            return (new PageAnswer(0, Outcome.OneLine(failure), false), []);
        }
    }

    private byte[] Body(string request) => request.Split(' ') switch
    {
        ["page", var number] when Number(number) is { } page => Page(page),
        ["levels"] => JsonSerializer.SerializeToUtf8Bytes(
            StackLevels.Of(stack, axes, cancel), Documents.Default.StackLevelsDocument),
        ["thumbnail", var side] when Number(side) is > 0 and <= MaxThumbnail and var pixels =>
            Thumbnail.Of(stack.Read(StackLevels.Middle(stack, axes), StackLevels.PlainScale(stack)), pixels),
        _ => throw UserErrorException.Usage("a request is 'page N', 'levels', or 'thumbnail SIDE'"),
    };

    private byte[] Page(int page)
    {
        if (page >= stack.Pages)
        {
            throw UserErrorException.Usage(
                $"page {page}: the file has {stack.Pages} {(stack.Pages == 1 ? "page" : "pages")}, counted from 0");
        }

        LoadedImage loaded = stack.Read(page, StackLevels.PlainScale(stack));
        return ViewSamples.Of(loaded, (0, 0, loaded.Info.Width, loaded.Info.Height));
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
