namespace Klar.Formats;

/// <summary>The first bytes of a TIFF file.</summary>
internal static class TiffHeader
{
    private const int Classic = 42;
    private const int Big = 43;

    /// <summary>Whether it is a TIFF file, classic or big.</summary>
    public static bool Is(string path) => VersionOf(path) is Classic or Big;

    /// <summary>Whether its offsets have 64 bits.</summary>
    public static bool IsBig(string path) => VersionOf(path) == Big;

    private static int VersionOf(string path)
    {
        Span<byte> start = stackalloc byte[4];
        using FileStream file = File.OpenRead(path);
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length)
        {
            return 0;
        }

        return start switch
        {
            [(byte)'I', (byte)'I', var low, var high] => low + (high << 8),
            [(byte)'M', (byte)'M', var high, var low] => low + (high << 8),
            _ => 0,
        };
    }
}
