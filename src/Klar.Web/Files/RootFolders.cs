using Klar.Formats;
using Microsoft.AspNetCore.Http;

namespace Klar.Web.Files;

/// <summary>
/// The folders that the user allowed, and what lies in them. Links are followed first and judged by where they lead.
/// </summary>
internal sealed class RootFolders(ServerSettings settings)
{
    private readonly string[] _roots =
    [
        .. settings.Roots.Select(static root => Real(Path.GetFullPath(root)) ?? Path.GetFullPath(root))
    ];

    /// <summary>What lies in a folder: folders, and files whose names are those of images.</summary>
    public FolderView List(string path)
    {
        if (path.Length == 0)
        {
            return new FolderView(
                string.Empty, [.. _roots.Select(static root => new FolderEntry(root, root, true, 0))]);
        }

        string folder = Within(path);
        if (!Directory.Exists(folder))
        {
            throw RequestException.NotFound("there is no such folder");
        }

        var entries = new DirectoryInfo(folder).EnumerateFileSystemInfos(
            "*", new EnumerationOptions { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden });
        return new FolderView(folder, [.. entries
            .Select(static entry => entry is FileInfo file
                ? new FolderEntry(file.Name, file.FullName, false, file.Length)
                : new FolderEntry(entry.Name, entry.FullName, !ImageFile.IsImageFolder(entry.FullName), 0))
            .Where(static entry => entry.IsFolder || ImageFile.HasImageName(entry.Name))
            .OrderBy(static entry => !entry.IsFolder)
                .ThenBy(static entry => entry.Name, StringComparer.OrdinalIgnoreCase)
                .Take(5000)]);
    }

    /// <summary>The place that a path leads to, all links followed.</summary>
    /// <exception cref="RequestException">It is not below a root, or there is nothing.</exception>
    public string Within(string path)
    {
        // The same answer whether it is not there or not allowed: nobody learns what lies elsewhere.
        string? real = path.Contains('\0', StringComparison.Ordinal) || !Path.IsPathFullyQualified(path)
            ? null
            : Real(Path.GetFullPath(path));
        bool allowed = real is not null && _roots.Any(
            root => real == root || real.StartsWith(root.EndsWith('/') ? root : root + "/", StringComparison.Ordinal));
        return allowed ? real! : throw new RequestException(
            StatusCodes.Status403Forbidden, "that is not below a folder that klar serve was allowed to open (--root)");
    }

    /// <summary>The path without links in any of its parts; null where there is nothing.</summary>
    private static string? Real(string path)
    {
        string real = "/";
        int links = 0;
        var parts = new Stack<string>(path.Split('/', StringSplitOptions.RemoveEmptyEntries).Reverse());
        while (parts.TryPop(out string? part))
        {
            if (part == "..")
            {
                real = Path.GetDirectoryName(real) ?? "/";
                continue;
            }

            string next = Path.Combine(real, part);
            FileSystemInfo info = Directory.Exists(next) ? new DirectoryInfo(next) : new FileInfo(next);
            if (info.LinkTarget is { } target)
            {
                if (++links > 40)
                {
                    return null;
                }

                real = target.StartsWith('/') ? "/" : real;
                foreach (string step in target
                    .Split('/', StringSplitOptions.RemoveEmptyEntries)
                    .Where(static step => step != ".")
                    .Reverse())
                {
                    parts.Push(step);
                }

                continue;
            }

            if (!info.Exists)
            {
                return null;
            }

            real = next;
        }

        return real;
    }
}
