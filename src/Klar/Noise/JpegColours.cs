using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// The colours in which JPEG codes a picture of red, green and blue (JFIF 1.02): luminance Y, and the differences of
/// blue and red from it, Cb and Cr, which are 0.5 where there is no colour.
/// </summary>
internal static class JpegColours
{
    private const float Red = 0.299f, Green = 0.587f, Blue = 0.114f;

    // Cb = 0.5 + (B - Y) / 1.772 and Cr = 0.5 + (R - Y) / 1.402.
    private const float BlueScale = 1.772f, RedScale = 1.402f, Middle = 0.5f;

    /// <summary>The luminance, and the samples that are masked in any colour.</summary>
    public static (Image Image, IReadOnlyList<Mask?> Masks) Luminance(Image rgb, IReadOnlyList<Mask?> masks) =>
        (rgb.With([Luminance(rgb)]), [Mask.InAny(masks)]);

    /// <summary>The luminance.</summary>
    public static Plane Luminance(Image rgb) =>
        Map(rgb.Planes, static (r, g, b) => (Red * r) + (Green * g) + (Blue * b));

    /// <summary>The differences of blue and red from the luminance.</summary>
    public static Image Differences(Image rgb, Plane luminance) => rgb.With(
    [
        Map([rgb.Planes[2], luminance, luminance], static (b, y, _) => Middle + ((b - y) / BlueScale)),
        Map([rgb.Planes[0], luminance, luminance], static (r, y, _) => Middle + ((r - y) / RedScale)),
    ]);

    /// <summary>Red, green and blue.</summary>
    public static IReadOnlyList<Plane> ToRgb(Plane luminance, Image differences)
    {
        Plane[] coded = [luminance, .. differences.Planes];
        Plane red = Map(coded, static (y, _, cr) => y + (RedScale * (cr - Middle)));
        Plane blue = Map(coded, static (y, cb, _) => y + (BlueScale * (cb - Middle)));
        return [red, Map([luminance, red, blue], static (y, r, b) => (y - (Red * r) - (Blue * b)) / Green), blue];
    }

    private static Plane Map(IReadOnlyList<Plane> from, Func<float, float, float, float> map) =>
        Plane.Create(from[0].Width, from[0].Height, (from, map), static (to, work) =>
        {
            (Plane a, Plane b, Plane c) = (work.from[0], work.from[1], work.from[2]);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = work.map(a.Samples[i], b.Samples[i], c.Samples[i]);
            }
        });
}
