namespace Klar.Formats;

/// <summary>Files that are either there whole or not at all: written under another name, flushed, then renamed.</summary>
public static class AtomicFile
{
    private const string Mark = ".klar-";
    private const int TagLength = 12;

    /// <summary>
    /// Lets <paramref name="write"/> write a file in the folder of <paramref name="path"/>, and renames it to that when
    /// it is complete and on the disk. After trouble nothing is left behind.
    /// </summary>
    public static void Write(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        string unfinished = Path.Combine(folder, $"{Mark}{Guid.NewGuid().ToString("N")[..TagLength]}-{Path.GetFileName(path)}");
        try
        {
            write(unfinished);
            using (var file = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite))
            {
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>Takes away what runs left behind that were killed while they wrote <paramref name="path"/>. Nobody else may be writing it.</summary>
    public static void RemoveLeftovers(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!, name = "-" + Path.GetFileName(path);
        foreach (string file in Directory.EnumerateFiles(folder, Mark + "*"))
        {
            if (Path.GetFileName(file).Length == Mark.Length + TagLength + name.Length && file.EndsWith(name, StringComparison.Ordinal))
            {
                File.Delete(file);
            }
        }
    }

    /// <summary>The same for a text in UTF-8.</summary>
    public static void WriteText(string path, string text) => Write(path, unfinished => File.WriteAllText(unfinished, text));
}
