namespace Klar.Formats;

/// <summary>
/// The colours of a palette file. Where they are a scale (a ramp of gray or green, fire, rainbow), the palette is for
/// display only, and its indices are what was measured. Where they are the colours of a picture with few colours, the
/// indices mean nothing.
/// </summary>
internal static class ColourMap
{
    private const double White = ushort.MaxValue;

    // Neighbours on a scale differ by little; it may have marks for black and white, as microscopes show saturation.
    private const double MaxStep = 1 / 16.0;
    private const double MaxMarks = 1 / 16.0;

    /// <summary>Whether the colours are a scale.</summary>
    /// <param name="map">Red, green and blue.</param>
    public static bool IsScale(IReadOnlyList<short[]> map)
    {
        int colours = map[0].Length, jumps = 0;
        double step = Math.Max(MaxStep, 1.5 / Math.Max(1, colours - 1));
        var different = new HashSet<(short, short, short)>();
        for (int i = 0; i < colours; i++)
        {
            _ = different.Add((map[0][i], map[1][i], map[2][i]));
            jumps += i > 0 && map.Any(channel => Jump(channel, i) > step * White) ? 1 : 0;
        }

        return jumps <= MaxMarks * colours && different.Count >= Math.Min(colours, 64) / 2;
    }

    /// <summary>The map for 256 numbers, where the file has fewer, which are stretched to 0..255.</summary>
    public static short[] Stretched(short[] channel)
    {
        short[] stretched = new short[256];
        for (int i = 0; i < stretched.Length; i++)
        {
            double at = i * (channel.Length - 1) / 255.0;
            int below = Math.Min((int)at, channel.Length - 2);
            (ushort left, ushort right) = ((ushort)channel[below], (ushort)channel[below + 1]);
            stretched[i] = (short)(ushort)Math.Round(left + ((at - below) * (right - left)));
        }

        return stretched;
    }

    private static int Jump(short[] channel, int i) => Math.Abs((ushort)channel[i] - (ushort)channel[i - 1]);
}
