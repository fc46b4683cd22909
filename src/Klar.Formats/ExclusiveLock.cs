using System.Runtime.InteropServices;

namespace Klar.Formats;

/// <summary>
/// A lock on an open file, which other processes respect and which ends with its process, however that ends.
/// </summary>
/// <remarks>
/// On Unix this is flock(2), as <see cref="FileShare.None"/> would take it; the program switches those locks off,
/// because they would also keep it from reading inputs that other programs have locked.
/// </remarks>
public static class ExclusiveLock
{
    // LOCK_EX | LOCK_NB, the same on Linux and macOS.
    private const int ExclusiveWithoutWaiting = 2 | 4;

    /// <summary>
    /// Locks <paramref name="file"/>; false if another process, or another opening of it here, has done so.
    /// </summary>
    public static bool TryTake(FileStream file)
    {
        ArgumentNullException.ThrowIfNull(file);
        if (!OperatingSystem.IsWindows())
        {
            return Flock((int)file.SafeFileHandle.DangerousGetHandle(), ExclusiveWithoutWaiting) == 0;
        }

        try
        {
            // Far behind its end, because there a locked byte cannot be read by others.
            file.Lock(1L << 40, 1);
            return true;
        }
        catch (IOException)
        {
            return false;
        }
    }

#pragma warning disable SYSLIB1054 // Code generated for it would have to be unsafe.
    [DllImport("libc", EntryPoint = "flock", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Flock(int file, int operation);
#pragma warning restore SYSLIB1054
}
