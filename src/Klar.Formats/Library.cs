namespace Klar.Formats;

/// <summary>The native library that reads and writes files.</summary>
public static class Library
{
    /// <summary>What is missing and how to get it, in one line; null where nothing is.</summary>
    public static string? Missing()
    {
        try
        {
            Vips.Ensure();
            return null;
        }
        catch (DllNotFoundException failure)
        {
            return failure.Message;
        }
    }

    /// <summary>The version of libvips, for example 8.18.7.</summary>
    public static string Version() => Vips.Version();
}
