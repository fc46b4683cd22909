namespace Klar.Formats;

/// <summary>Names of image files, in which <c>.ome.tif</c> and <c>.ome.zarr.zip</c> are one extension.</summary>
public static class FileName
{
    /// <summary>
    /// The extension with its dot, <c>.ome.tif</c>, <c>.ome.tiff</c>, <c>.ome.zarr</c> and <c>.ome.zarr.zip</c> whole.
    /// </summary>
    public static string Extension(string path)
    {
        string last = Path.GetExtension(path);
        if (last.Equals(".zip", StringComparison.OrdinalIgnoreCase)
            && Path.GetFileNameWithoutExtension(path) is var zipped
            && Path.GetExtension(zipped).Equals(".zarr", StringComparison.OrdinalIgnoreCase))
        {
            return Extension(zipped) + last;
        }

        string before = Path.GetExtension(Path.GetFileNameWithoutExtension(path));
        return before.Equals(".ome", StringComparison.OrdinalIgnoreCase)
            && last.ToLowerInvariant() is ".tif" or ".tiff" or ".zarr"
            ? before + last
            : last;
    }

    /// <summary>The name without folder and extension.</summary>
    public static string Stem(string path) => Path.GetFileName(path)[..^Extension(path).Length];

    /// <summary>Whether there is a file of that name, or a folder that is an image.</summary>
    public static bool IsThere(string path) => File.Exists(path) || ImageFile.IsImageFolder(path);

    /// <summary>Removes the file of a name, or the folder that is an image.</summary>
    public static void Remove(string path)
    {
        if (ImageFile.IsImageFolder(path))
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    /// <summary>Bytes of the file that a name leads to; of a link, those of what it leads to.</summary>
    internal static long LengthOf(string path) =>
        (File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path)).Length;
}
