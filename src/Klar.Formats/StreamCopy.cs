namespace Klar.Formats;

/// <summary>A stream's bytes in a temporary file: decoders read files, and read them at any place.</summary>
internal sealed class StreamCopy : IDisposable
{
    private StreamCopy(string path) => Path = path;

    /// <summary>The file, which is deleted when this is disposed.</summary>
    public string Path { get; }

    /// <summary>Copies what is left of a stream.</summary>
    public static StreamCopy Of(Stream stream, CancellationToken cancel)
    {
        const int Chunk = 1 << 20;
        var copy = new StreamCopy(System.IO.Path.GetTempFileName());
        try
        {
            using FileStream file = File.Create(copy.Path);
            byte[] chunk = new byte[Chunk];
            for (int read; (read = stream.Read(chunk)) > 0;)
            {
                cancel.ThrowIfCancellationRequested();
                file.Write(chunk, 0, read);
            }

            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => File.Delete(Path);
}
