using System.Text;

namespace Klar.Formats;

/// <summary>
/// Texts in TIFF tags: bytes that LibTiff gives and takes as Latin-1, and that are UTF-8 in OME-XML and mostly
/// elsewhere.
/// </summary>
internal static class Letters
{
    private static readonly UTF8Encoding Strict =
        new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>A tag's text as it is meant.</summary>
    public static string Of(string latin1)
    {
        try
        {
            return Strict.GetString(Encoding.Latin1.GetBytes(latin1));
        }
        catch (DecoderFallbackException)
        {
            return latin1;
        }
    }

    /// <summary>The same as it is given to LibTiff.</summary>
    public static string Bytes(string text) =>
        Encoding.Latin1.GetString(Strict.GetBytes(text.TrimEnd((char)0) + (char)0));
}
