using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Klar.Formats;

/// <summary>
/// Files that are either there whole or not at all: written under another name, flushed, then renamed.
/// </summary>
public static class AtomicFile
{
    private const string Mark = ".klar-";

    // Four digits for the machine, eight for the process, eight that are random: the first edition had twelve random
    // ones.
    private const int TagLength = 20;
    private const int OldTagLength = 12;
    private static readonly EnumerationOptions Hidden = new() { AttributesToSkip = FileAttributes.None };
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(1);
    private static readonly ConcurrentDictionary<string, bool> Swept = new();
    private static readonly ConcurrentDictionary<string, bool> Unfinished = new();

    [ThreadStatic]
    private static Action<string, string>? s_watcher;

    /// <summary>
    /// Lets <paramref name="write"/> write a file in the folder of <paramref name="path"/>, and renames it to that when
    /// it is complete and on the disk. A link is written through, and a file that is replaced hands on its permissions.
    /// After a failure nothing is left behind.
    /// </summary>
    public static void Write(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        (string target, string unfinished) = Names(path);
        MarkUnfinished(unfinished);
        try
        {
            write(unfinished);
            if (!OperatingSystem.IsWindows() && File.Exists(target))
            {
                File.SetUnixFileMode(unfinished, File.GetUnixFileMode(target));
            }

            using (var file = new FileStream(unfinished, FileMode.Open, FileAccess.ReadWrite))
            {
                file.Flush(flushToDisk: true);
            }

            s_watcher?.Invoke(path, unfinished);
            File.Move(unfinished, target, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
            MarkFinished(unfinished);
        }
    }

    /// <summary>
    /// The same for a folder with files in it. One that is there is removed when the new one has its name.
    /// </summary>
    public static void WriteFolder(string path, Action<string> write)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(write);
        (string target, string unfinished) = Names(path);
        MarkUnfinished(unfinished);
        try
        {
            Directory.CreateDirectory(unfinished);
            write(unfinished);
            s_watcher?.Invoke(path, unfinished);
            if (Directory.Exists(target))
            {
                // What is at the place of the unfinished one then is removed below.
                FolderSwap.Exchanged(unfinished, target, aside: target + ".klar-replaced");
            }
            else
            {
                File.Delete(target);
                Directory.Move(unfinished, target);
            }
        }
        finally
        {
            if (Directory.Exists(unfinished))
            {
                Directory.Delete(unfinished, recursive: true);
            }

            MarkFinished(unfinished);
        }
    }

    /// <summary>The same for a text in UTF-8.</summary>
    public static void WriteText(string path, string text) =>
        Write(path, unfinished => File.WriteAllText(unfinished, text));

    /// <summary>
    /// Calls <paramref name="watcher"/> with the name of each file that this thread writes, and where it is complete,
    /// just before it gets that name.
    /// </summary>
    /// <returns>Ends it.</returns>
    public static IDisposable Watch(Action<string, string> watcher)
    {
        s_watcher = watcher;
        return new Watching();
    }

    /// <summary>Marks a file or folder as one that means nothing without this process.</summary>
    public static void MarkUnfinished(string path) => Unfinished.TryAdd(path, true);

    /// <summary>Takes the mark away.</summary>
    public static void MarkFinished(string path) => Unfinished.TryRemove(path, out _);

    /// <summary>
    /// Removes what is marked as unfinished, before the process ends without waiting for its threads.
    /// </summary>
    public static void RemoveUnfinished()
    {
        foreach (string path in Unfinished.Keys)
        {
            try
            {
                if (Directory.Exists(path))
                {
                    Directory.Delete(path, recursive: true);
                }
                else
                {
                    File.Delete(path);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // The next run that writes there tries again.
            }
        }
    }

    /// <summary>
    /// Removes what runs left in a folder that were killed while they wrote: unfinished files whose process is gone,
    /// and, where that cannot be known because they are another machine's, those older than a day.
    /// </summary>
    public static void RemoveLeftoversIn(string folder)
    {
        RemoveLeftovers(Directory.EnumerateFiles(folder, Mark + "*", Hidden), File.Delete);
        RemoveLeftovers(
            Directory.EnumerateDirectories(folder, Mark + "*", Hidden),
            static left => Directory.Delete(left, recursive: true));
    }

    /// <summary>
    /// Creates a folder for files that end with this process, and removes those of killed ones by the same rule.
    /// </summary>
    /// <param name="purpose">What it is for: a word of its name.</param>
    public static string CreateTemporaryFolder(string purpose)
    {
        string above = Path.GetTempPath();
        IEnumerable<string> old = Directory.EnumerateDirectories(above, $"{Mark}*-{purpose}", Hidden);
        RemoveLeftovers(old, static folder => Directory.Delete(folder, recursive: true));
        string created = Path.Combine(above, $"{Mark}{Tag()}-{purpose}");
        MarkUnfinished(created);
        const UnixFileMode Own = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        return OperatingSystem.IsWindows()
            ? Directory.CreateDirectory(created).FullName
            : Directory.CreateDirectory(created, Own).FullName;
    }

    /// <summary>The real name of an output, and that of the unfinished one in its folder.</summary>
    private static (string Target, string Unfinished) Names(string path)
    {
        string target = new FileInfo(path).LinkTarget is null
            ? Path.GetFullPath(path)
            : File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
        string folder = Path.GetDirectoryName(target)!;
        if (Directory.Exists(folder) && Swept.TryAdd(folder, true))
        {
            RemoveLeftoversIn(folder);
        }

        return (target, Path.Combine(folder, $"{Mark}{Tag()}-{Path.GetFileName(target)}"));
    }

    private static void RemoveLeftovers(IEnumerable<string> paths, Action<string> remove)
    {
        foreach (string path in paths)
        {
            try
            {
                if (IsLeftover(path))
                {
                    remove(path);
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Another user's, or gone in the meantime.
            }
        }
    }

    private static bool IsLeftover(string file)
    {
        string rest = Path.GetFileName(file)[Mark.Length..];
        int length = rest.IndexOf('-', StringComparison.Ordinal);
        if (length is not (TagLength or OldTagLength) || !rest.Take(length).All(char.IsAsciiHexDigitLower))
        {
            return false;
        }

        bool here = length == TagLength && rest.StartsWith(Machine(), StringComparison.Ordinal);
        return DateTime.UtcNow - File.GetLastWriteTimeUtc(file) > MaxAge
            || (here && !IsAlive(
                int.Parse(rest.AsSpan(4, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)));
    }

    private static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
        catch (Exception failure) when (failure is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return true;
        }
    }

    private static string Tag() => string.Create(
        CultureInfo.InvariantCulture, $"{Machine()}{Environment.ProcessId:x8}{Guid.NewGuid().ToString("N")[..8]}");

    /// <summary>
    /// The machine, and within it the container: a process number means nothing in another one that writes to the same
    /// folder.
    /// </summary>
    private static string Machine()
    {
        const string ProcessNumbers = "/proc/self/ns/pid";
        string container = File.Exists(ProcessNumbers)
            ? new FileInfo(ProcessNumbers).LinkTarget ?? string.Empty
            : string.Empty;
        byte[] sum = Sha256.Of(Encoding.UTF8.GetBytes(Environment.MachineName + container));
        return Convert.ToHexStringLower(sum)[..4];
    }

    private sealed class Watching : IDisposable
    {
        public void Dispose() => s_watcher = null;
    }
}
