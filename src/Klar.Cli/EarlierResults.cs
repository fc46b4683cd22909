namespace Klar.Cli;

/// <summary>Results of an earlier run, which are no inputs of the next one where their input is one.</summary>
internal static class EarlierResults
{
    private static readonly string[] Companions = ["_residual", "_uncertainty"];

    /// <summary>Files without the results of an earlier run whose input is among them.</summary>
    /// <remarks>A folder of results alone keeps them all: it may well be denoised once more.</remarks>
    public static IEnumerable<string> RemovedFrom(IReadOnlyCollection<string> files)
    {
        HashSet<string> all = [.. files.Select(Path.GetFullPath)];
        return files.Where(file => !IsOfOneOf(all, Path.GetFullPath(file)));
    }

    /// <summary>Whether Klar wrote the file with a result: the residual, or the uncertainty of pixels.</summary>
    public static bool IsCompanion(string file) => SidecarOfCompanion(file) is not null;

    /// <summary>
    /// Whether the file was made from another that is in <paramref name="all"/>, by its path or by its name.
    /// </summary>
    private static bool IsOfOneOf(HashSet<string> all, string file)
    {
        if ((SidecarFile.Read(file) ?? SidecarOfCompanion(file))?.Input is not { } input)
        {
            return false;
        }

        // Folders are moved with their sidecars, which then name a file that is no longer there.
        string named = Path.GetFullPath(input);
        string sameFolder = Path.Combine(Path.GetDirectoryName(file)!, Path.GetFileName(input));
        return named != file && sameFolder != file && (all.Contains(named) || all.Contains(sameFolder));
    }

    /// <summary>
    /// The sidecar of the result that a file was written with, by its name; null where there is none.
    /// </summary>
    /// <remarks>
    /// The list in the sidecar does not count: a run that replaces the result alone leaves an older residual unlisted.
    /// </remarks>
    private static Sidecar? SidecarOfCompanion(string file)
    {
        string stem = Path.GetFileNameWithoutExtension(file);
        if (Companions.FirstOrDefault(end => stem.EndsWith(end, StringComparison.Ordinal)) is not { } companion)
        {
            return null;
        }

        string folder = Path.GetDirectoryName(file) is { Length: > 0 } parent ? parent : ".";
        string result = stem[..^companion.Length] + ".";
        return Directory.EnumerateFiles(folder, "*.json")
            .Where(sidecar => Path.GetFileName(sidecar).StartsWith(result, StringComparison.Ordinal))
            .Select(static sidecar => SidecarFile.Read(sidecar[..^".json".Length]))
            .FirstOrDefault(static sidecar => sidecar is not null);
    }
}
