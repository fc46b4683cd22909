using System.Text;

namespace Klar.Formats.Denoising;

/// <summary>The SHA-256 of a file: what tells whether it is still the same.</summary>
internal static class FileHash
{
    /// <summary>That of a file; of a folder that is an image, that of its files' names and contents.</summary>
    public static byte[] Of(string file, CancellationToken cancel = default)
    {
        if (Directory.Exists(file))
        {
            return OfFolder(file, cancel);
        }

        FileKind.RefuseStream(file);
        const int Chunk = 1 << 20;
        using var hash = new Sha256();
        using FileStream stream = File.OpenRead(file);
        byte[] chunk = new byte[(int)Math.Clamp(stream.Length, 1, Chunk)];
        for (int read; (read = stream.Read(chunk)) > 0;)
        {
            cancel.ThrowIfCancellationRequested();
            hash.Append(chunk.AsSpan(0, read));
        }

        return hash.Finish();
    }

    /// <summary>Refuses a file that is not what it was.</summary>
    /// <exception cref="BadImageFileException">Its hash is another one.</exception>
    public static void RefuseChanged(string file, byte[] hash, CancellationToken cancel)
    {
        if (!Of(file, cancel).AsSpan().SequenceEqual(hash))
        {
            throw Changed();
        }
    }

    /// <summary>That a file is not what it was.</summary>
    public static BadImageFileException Changed() => new("the file was changed while it was read");

    private static byte[] OfFolder(string folder, CancellationToken cancel)
    {
        using var hash = new Sha256();
        IEnumerable<string> files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories);
        foreach (string file in files.Order(StringComparer.Ordinal))
        {
            hash.Append(Encoding.UTF8.GetBytes(Path.GetRelativePath(folder, file)));
            hash.Append(Of(file, cancel));
        }

        return hash.Finish();
    }
}
