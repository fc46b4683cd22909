using System.Globalization;
using Klar.Formats;
using Klar.Generated;

namespace Klar.Benchmarks;

/// <summary>A sheet of generated pictures, to look at, and how fast they are made.</summary>
internal static class GeneratedSheet
{
    private const int Side = 192;
    private const int Shown = 128;
    private const int Gap = 4;

    /// <summary>
    /// <c>generated SHEET.png FIRST ACROSS DOWN</c>: two thirds of pictures from number FIRST on, row by row.
    /// </summary>
    public static void Run(string output, ulong first, int across, int down)
    {
        var pictures = new GeneratedPictures(0, Side);
        _ = pictures.At(first);
        int width = (across * (Shown + Gap)) - Gap, height = (down * (Shown + Gap)) - Gap;
        byte[] sheet = new byte[3 * width * height];
        TimeSpan began = Environment.CpuUsage.UserTime;
        for (int i = 0; i < across * down; i++)
        {
            float[] picture = pictures.At(first + (ulong)i);
            for (int p = 0; p < Shown * Shown; p++)
            {
                int at = ((((i / across * (Shown + Gap)) + (p / Shown)) * width) + (i % across * (Shown + Gap))
                    + (p % Shown)) * 3;
                float sample = picture[(p / Shown * Side) + (p % Shown)];
                sheet.AsSpan(at, 3).Fill((byte)Math.Clamp(MathF.Round(255 * sample), 0, 255));
            }
        }

        double seconds = (Environment.CpuUsage.UserTime - began).TotalSeconds;
        File.WriteAllBytes(output, PngPicture.Of(sheet, width, height));
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{across * down * Side * Side / seconds / 1e6:F2} million pixels a second of user time"));
    }
}
