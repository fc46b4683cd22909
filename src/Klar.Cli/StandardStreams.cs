using Klar.Formats;

namespace Klar.Cli;

/// <summary>
/// <c>-</c> as a file: standard input is copied to a temporary file, since image formats are read from any place and
/// not from front to back, and a result for standard output is made in one.
/// </summary>
internal sealed class StandardStreams : IDisposable
{
    /// <summary>How they are named.</summary>
    public const string Name = "-";

    private readonly string _folder = AtomicFile.CreateTemporaryFolder("streams");

    /// <summary>What comes in, in a file.</summary>
    /// <param name="cancel">Ends it, also while nothing comes: a read itself cannot be cancelled, so that it is left
    /// behind.</param>
    public string Input(CancellationToken cancel)
    {
        string copy = Path.Combine(_folder, "input");
        var copied = Task.Run(
            () =>
            {
                using Stream from = Console.OpenStandardInput();
                StreamCopy.Copy(from, copy, "standard input", cancel);
            },
            CancellationToken.None);
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
            : throw new UserErrorException(ExitCode.Failed, "nothing came in on standard input");
    }

    /// <summary>A file for the result, in the format of the input.</summary>
    /// <param name="input">The file.</param>
    /// <param name="scene">Which of its images; null for the only one.</param>
    /// <param name="cancel">Ends it.</param>
    public string OutputFor(string input, int? scene, CancellationToken cancel)
    {
        bool isNamed = ImageFile.HasImageName(input) && !ImageFile.BecomesOmeTiff(input);
        string extension = isNamed ? FileName.Extension(input) : FormatOf(input, scene, cancel) switch
        {
            "png" => ".png",
            "jpeg" => ".jpg",
            "webp" => ".webp",
            _ => ".tif",
        };
        return Path.Combine(_folder, "output" + extension);
    }

    private static string FormatOf(string input, int? scene, CancellationToken cancel)
    {
        using ImageStack stack = ImageStack.Open(input, scene, cancel);
        return stack.Info.Format;
    }

    /// <summary>Sends a result on. A reader that has gone wants no more of it, which is no failure.</summary>
    public static void Send(string file)
    {
        using FileStream made = File.OpenRead(file);
        Send(made.CopyTo);
    }

    /// <summary>Writes to standard output what is nothing but a picture.</summary>
    /// <exception cref="IOException">It is closed, or full.</exception>
    public static void Send(Action<Stream> write)
    {
        try
        {
            using Stream output = Console.OpenStandardOutput();
            write(output);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw MessageStream.Undelivered(failure);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
