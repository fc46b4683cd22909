using NetVips;
using VipsImage = NetVips.Image;

namespace Klar.Formats;

/// <summary>A small picture as the bytes of a PNG file, to stand inside of another file.</summary>
public static class PngPicture
{
    /// <summary>Packs [row][column][red, green, blue]; a picture without colours is packed as gray.</summary>
    public static byte[] Of(byte[] rgb, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(rgb);
        Vips.Ensure();
        bool gray = true;
        for (int i = 0; i < rgb.Length && gray; i += 3)
        {
            gray = rgb[i] == rgb[i + 1] && rgb[i] == rgb[i + 2];
        }

        byte[] samples = gray ? [.. Enumerable.Range(0, width * height).Select(i => rgb[3 * i])] : rgb;
        using VipsImage picture = VipsImage.NewFromMemory(samples, width, height, gray ? 1 : 3, Enums.BandFormat.Uchar);
        using VipsImage typed =
            picture.Copy(interpretation: gray ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb);
        return typed.PngsaveBuffer(compression: 9);
    }
}
