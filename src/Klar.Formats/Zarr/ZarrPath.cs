namespace Klar.Formats.Zarr;

/// <summary>Paths within a Zarr hierarchy.</summary>
internal static class ZarrPath
{
    /// <summary>A path as the beginning of the names below it.</summary>
    public static string Folder(string path) => path.Length == 0 ? string.Empty : path.TrimEnd('/') + "/";

    /// <summary>Two paths behind each other.</summary>
    public static string Join(string folder, string path) => Folder(folder) + path;

    /// <summary>Whether a path stays within its hierarchy.</summary>
    public static bool IsBelow(string path) =>
        path.Length > 0 && !Path.IsPathRooted(path) && !path.Split('/').Contains("..");
}
