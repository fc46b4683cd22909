using Klar.Formats.Denoising;

namespace Klar.Formats;

/// <summary>A stream's bytes in a temporary file: decoders read files, and read them at any place.</summary>
internal sealed class StreamCopy : IDisposable
{
    private const int Chunk = 1 << 20;

    // What other programs keep of the temporary folder's disk: a tenth of it, and no more than this.
    private const int PartKept = 10;
    private const long MaxKept = 1L << 30;

    private readonly string _folder = AtomicFile.CreateTemporaryFolder("streams");

    private StreamCopy() => Path = System.IO.Path.Combine(_folder, "input");

    /// <summary>The file, which is deleted when this is disposed.</summary>
    public string Path { get; }

    /// <summary>Copies what is left of a stream.</summary>
    /// <param name="stream">The stream, which stays open.</param>
    /// <param name="cancel">Ends it between two reads.</param>
    /// <exception cref="BadImageFileException">It begins as no image does.</exception>
    /// <exception cref="IOException">The temporary folder's disk has no room for it.</exception>
    public static StreamCopy Of(Stream stream, CancellationToken cancel)
    {
        var copy = new StreamCopy();
        try
        {
            Copy(stream, copy.Path, "the stream", cancel);
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>Copies what is left of a stream to a file.</summary>
    /// <param name="from">The stream, called <paramref name="name"/> in messages.</param>
    /// <param name="to">The file.</param>
    /// <param name="name">What users call the stream.</param>
    /// <param name="cancel">Ends it between two reads.</param>
    public static void Copy(Stream from, string to, string name, CancellationToken cancel)
    {
        using FileStream file = File.Create(to);
        var disk = new DriveInfo(System.IO.Path.GetDirectoryName(to)!);
        byte[] chunk = new byte[Chunk];
        for (int read; (read = from.ReadAtLeast(chunk, Chunk, throwOnEndOfStream: false)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            if (file.Position == 0 && read == Chunk && !chunk.AsSpan().ContainsAnyExcept((byte)0))
            {
                throw new BadImageFileException($"what comes in on {name} is no image: it begins with zeros");
            }

            if (disk.AvailableFreeSpace - read < Math.Min(disk.TotalSize / PartKept, MaxKept))
            {
                throw new IOException(
                    $"more comes in on {name} than there is room for in {System.IO.Path.GetTempPath()} (TMPDIR): "
                    + $"{MemoryPlan.Text(file.Position)} were read");
            }

            file.Write(chunk.AsSpan(0, read));
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
