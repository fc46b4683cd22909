using Klar.Formats;

namespace Klar.Cli;

/// <summary>OME-TIFF files that hold an image together: it is one input, whichever of them are named.</summary>
internal static class FileSets
{
    /// <summary>Files without those that belong to another of them.</summary>
    /// <param name="files">The files.</param>
    /// <param name="leftOut">Takes each that is left out, and the one that it belongs to; null for nobody.</param>
    public static IEnumerable<string> WithoutParts(
        IReadOnlyCollection<string> files, Action<string, string>? leftOut = null)
    {
        HashSet<string> all = [.. files.Select(Path.GetFullPath)];
        foreach (string file in files)
        {
            string? first = all.Count > 1 && MayBePart(file) ? ImageFile.FirstOfSet(file) : null;
            if (first is null || first == Path.GetFullPath(file) || !all.Contains(first))
            {
                yield return file;
            }
            else
            {
                leftOut?.Invoke(file, first);
            }
        }
    }

    private static bool MayBePart(string file) =>
        File.Exists(file)
        && (FileName.Extension(file).StartsWith(".ome.", StringComparison.OrdinalIgnoreCase)
            || file.EndsWith(".ome", StringComparison.OrdinalIgnoreCase));
}
