using System.Runtime.InteropServices;

namespace Klar.Formats;

/// <summary>Puts a folder in the place of another.</summary>
internal static class FolderSwap
{
    private const int CurrentFolder = -100;
    private const uint Exchange = 2;

    /// <summary>
    /// Gives a folder the name of another one, which gets the first one's: at once where the system can, so that no
    /// sudden end leaves neither; else one after the other by way of <paramref name="aside"/>.
    /// </summary>
    public static void Exchanged(string one, string other, string aside)
    {
        if (TryAtOnce(one, other))
        {
            return;
        }

        Directory.Move(other, aside);
        try
        {
            Directory.Move(one, other);
        }
        catch
        {
            Directory.Move(aside, other);
            throw;
        }

        Directory.Move(aside, one);
    }

    private static bool TryAtOnce(string one, string other)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        try
        {
            return Renameat2(CurrentFolder, one, CurrentFolder, other, Exchange) == 0;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

#pragma warning disable SYSLIB1054 // Code generated for it would have to be unsafe.
    [DllImport("libc", EntryPoint = "renameat2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Renameat2(
        int oldFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string oldPath, int newFolder,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string newPath, uint flags);
#pragma warning restore SYSLIB1054
}
