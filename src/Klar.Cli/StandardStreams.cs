using Klar.Formats;

namespace Klar.Cli;

/// <summary>
/// <c>-</c> as a file: standard input is copied to a temporary file, since image formats are read from any place and not from front to back, and a result for
/// standard output is made in one.
/// </summary>
internal sealed class StandardStreams : IDisposable
{
    /// <summary>How they are named.</summary>
    public const string Name = "-";

    private readonly string _folder = AtomicFile.CreateTemporaryFolder("streams");

    /// <summary>What comes in, in a file.</summary>
    /// <param name="cancel">Ends it, also while nothing comes: a read itself cannot be cancelled, so that it is left behind.</param>
    public string Input(CancellationToken cancel)
    {
        string copy = Path.Combine(_folder, "input");
        var copied = Task.Run(() => Copy(copy), CancellationToken.None);
        try
        {
            copied.Wait(cancel);
        }
        catch (AggregateException failure) when (failure.InnerException is { } reason)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(reason);
        }

        return new FileInfo(copy).Length > 0
            ? copy
            : throw new ExpectedTroubleException(ExitCode.Failed, "nothing came in on standard input");
    }

    /// <summary>A file for the result, in the format of the input.</summary>
    public string OutputFor(string input)
    {
        string extension = FileName.Extension(input) is { Length: > 0 } own ? own : ImageFile.Info(input).Format switch
        {
            "png" => ".png",
            "jpeg" => ".jpg",
            "webp" => ".webp",
            "jp2k" => ".jp2",
            "fits" => ".fits",
            _ => ".tif",
        };
        return Path.Combine(_folder, "output" + extension);
    }

    /// <summary>Sends a result on.</summary>
    public static void Send(string file)
    {
        using Stream output = Console.OpenStandardOutput();
        using FileStream made = File.OpenRead(file);
        made.CopyTo(output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static void Copy(string to)
    {
        using Stream from = Console.OpenStandardInput();
        using FileStream file = File.Create(to);
        from.CopyTo(file);
    }
}
