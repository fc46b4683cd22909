using System.Text;

namespace Klar.Formats;

/// <summary>
/// Formats that the libvips which ships with Klar is built without. A file of theirs is named for what it is, not
/// called unknown; a libvips with the decoder, put in place of the one that ships, reads it.
/// </summary>
internal static class UnreadFormat
{
    private const int SignatureBytes = 12;
    private const string NoDecoder = " compression support is not configured";

    /// <summary>What the file is, and what to do, in a line; null where its first bytes say nothing.</summary>
    public static string? Of(string path)
    {
        Span<byte> first = stackalloc byte[SignatureBytes];
        using FileStream file = File.OpenRead(path);
        first = first[..file.ReadAtLeast(first, first.Length, throwOnEndOfStream: false)];
        string letters = Encoding.Latin1.GetString(first);
        string? format = letters switch
        {
            ['\0', '\0', '\0', '\f', 'j', 'P', ..] or ['\u00FF', 'O', '\u00FF', 'Q', ..] => "JPEG 2000",
            ['S', 'I', 'M', 'P', 'L', 'E', ' ', ..] => "FITS",
            ['\u00FF', '\n', ..] or ['\0', '\0', '\0', '\f', 'J', 'X', 'L', ..] => "JPEG XL",
            [_, _, _, _, 'f', 't', 'y', 'p', 'h', 'e', ..] => "HEIC",
            ['v', '/', '1', '\u0001', ..] => "OpenEXR",
            ['%', 'P', 'D', 'F', ..] => "PDF",
            _ => null,
        };
        return format is null ? null : $"it is {format}, which Klar does not read: convert it to TIFF or PNG";
    }

    /// <summary>The same of a TIFF page's compression, from what libvips says of it.</summary>
    public static string? OfCompression(string reason) =>
        reason.EndsWith(NoDecoder, StringComparison.Ordinal)
            ? $"it is compressed with {reason[..^NoDecoder.Length]}, which Klar does not read: "
                + "save it uncompressed, or with LZW or deflate"
            : null;
}
