using System.Runtime.InteropServices;

namespace Klar.Formats;

/// <summary>
/// What a name leads to: opening a pipe would wait for somebody to write into it, so that the system has to be asked
/// first.
/// </summary>
public static class FileKind
{
    private const int CurrentFolder = -100;
    private const uint TypeOnly = 1;
    private const int StatxBytes = 256;
    private const int ModeAt = 28;
    private const int TypeBits = 0xF000;
    private const int RegularFile = 0x8000;

    /// <summary>Refuses a pipe or a device, which may have no end, where a file is a part of an image.</summary>
    /// <exception cref="BadImageFileException">It is one; the message names it.</exception>
    public static void RefuseStream(string path)
    {
        if (IsStream(path))
        {
            throw new BadImageFileException($"its {Path.GetFileName(path)} is a pipe or a device, not a file");
        }
    }

    /// <summary>
    /// Whether it is known to be something other than a file that can be read from any place: a pipe, a device, a
    /// socket.
    /// </summary>
    public static bool IsStream(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return false;
        }

        byte[] status = new byte[StatxBytes];
        try
        {
            return Statx(CurrentFolder, path, 0, TypeOnly, status) == 0
                && (BitConverter.ToUInt16(status, ModeAt) & TypeBits) != RegularFile;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

#pragma warning disable SYSLIB1054 // Code generated for it would have to be unsafe.
    [DllImport("libc", EntryPoint = "statx")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(
        int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags, uint mask, [Out] byte[] status);
#pragma warning restore SYSLIB1054
}
