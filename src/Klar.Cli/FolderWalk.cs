using Klar.Formats;

namespace Klar.Cli;

/// <summary>The images of folders: hidden files, residuals and uncertainties are none.</summary>
internal static class FolderWalk
{
    /// <summary>
    /// The images in a folder and in those below it, each real folder once however many links lead to it, and the
    /// folders that cannot be read.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="recursive">Whether folders below are looked into.</param>
    /// <param name="leaveOut">A folder below whose files are no inputs; null for none.</param>
    public static (IReadOnlyList<string> Images, IReadOnlyList<(string Folder, string Reason)> Unreadable) Of(
        string folder, bool recursive, string? leaveOut = null)
    {
        var images = new List<string>();
        var unreadable = new List<(string, string)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var waiting = new Queue<string>([folder]);
        var links = new Queue<string>();
        while (waiting.TryDequeue(out string? next) || links.TryDequeue(out next))
        {
            string real = OutputRights.RealFolder(next);
            if (!seen.Add(real) || real == leaveOut)
            {
                continue;
            }

            try
            {
                images.AddRange(Directory.EnumerateFiles(next).Where(IsInput));
                images.AddRange(Directory.EnumerateDirectories(next).Where(IsImage));
                string[] folders =
                    recursive ? [.. Directory.GetDirectories(next).Order(StringComparer.Ordinal)] : [];
                foreach (string below in folders)
                {
                    if (ImageFile.IsImageFolder(below))
                    {
                        continue;
                    }

                    // Links come last, so that a folder goes by its own name where it has one here.
                    (new DirectoryInfo(below).LinkTarget is null ? waiting : links).Enqueue(below);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                unreadable.Add((next, $"the folder cannot be read: {Outcome.OneLine(failure)}"));
            }
        }

        return ([.. FileSets.WithoutParts(images)], unreadable);
    }

    private static bool IsImage(string folder) =>
        ImageFile.IsImageFolder(folder) && !Path.GetFileName(folder).StartsWith('.');

    private static bool IsInput(string file) =>
        ImageFile.HasImageName(file) && !Path.GetFileName(file).StartsWith('.') && !EarlierResults.IsCompanion(file);
}
