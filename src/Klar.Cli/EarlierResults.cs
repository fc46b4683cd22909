namespace Klar.Cli;

/// <summary>Results of an earlier run, which are no inputs of the next one.</summary>
internal static class EarlierResults
{
    private static readonly string[] Companions = ["_residual", "_uncertainty"];

    /// <summary>Whether a file is what Klar made, as a sidecar beside it says.</summary>
    public static bool Is(string file)
    {
        if (SidecarFile.Read(file) is not null)
        {
            return true;
        }

        string stem = Path.GetFileNameWithoutExtension(file);
        if (Companions.FirstOrDefault(end => stem.EndsWith(end, StringComparison.Ordinal)) is not { } companion)
        {
            return false;
        }

        string folder = Path.GetDirectoryName(file) is { Length: > 0 } above ? above : ".";
        string of = stem[..^companion.Length];
        return Directory.EnumerateFiles(folder, "*.json")
            .Where(sidecar => Path.GetFileName(sidecar).StartsWith(of + ".", StringComparison.Ordinal))
            .Any(sidecar => SidecarFile.Read(sidecar[..^".json".Length])?.Outputs?.ContainsKey(Path.GetFileName(file)) == true);
    }
}
