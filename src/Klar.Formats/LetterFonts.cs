using System.Runtime.InteropServices;

namespace Klar.Formats;

/// <summary>
/// The fonts that figures are lettered with come with Klar, so that a machine without fonts, or with others, draws
/// the same. fontconfig, which is a part of libvips, reads them from a folder that lasts as long as the process.
/// </summary>
internal static class LetterFonts
{
    private static readonly string[] Names = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];
    private static readonly Lazy<bool> Installed = new(Install);

    /// <summary>Makes them known; before the first letter is drawn.</summary>
    public static void Ensure() => _ = Installed.Value;

    private static bool Install()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("klar-fonts-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Remove(folder);
        foreach (string name in Names)
        {
            using Stream font = typeof(LetterFonts).Assembly.GetManifestResourceStream(name)!;
            using FileStream file = File.Create(Path.Combine(folder.FullName, name));
            font.CopyTo(file);
        }

        string path = System.Security.SecurityElement.Escape(folder.FullName);
        string settings = Path.Combine(folder.FullName, "fonts.conf");
        File.WriteAllText(
            settings, $"<fontconfig><dir>{path}</dir><cachedir>{path}</cachedir></fontconfig>");
        return SetVariable("FONTCONFIG_FILE", settings);
    }

    // The framework keeps variables of its own, which a native library does not see.
    private static bool SetVariable(string name, string value)
    {
        string library = OperatingSystem.IsWindows() ? "libvips-42.dll"
            : OperatingSystem.IsMacOS() ? "libvips.42.dylib"
            : "libvips.so.42";
        nint handle = NativeLibrary.Load(library, typeof(NetVips.Image).Assembly, null);
        var set = Marshal.GetDelegateForFunctionPointer<GSetenv>(NativeLibrary.GetExport(handle, "g_setenv"));
        return set(name, value, 1) != 0;
    }

    private static void Remove(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (IOException)
        {
            // Somebody else has it open; the system clears its temporary files.
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate int GSetenv(
        [MarshalAs(UnmanagedType.LPUTF8Str)] string name,
        [MarshalAs(UnmanagedType.LPUTF8Str)] string value,
        int overwrite);
}
