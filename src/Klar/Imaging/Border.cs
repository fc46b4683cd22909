namespace Klar;

/// <summary>Where a sample outside the image is taken from.</summary>
public enum Border
{
    /// <summary>Mirrored, the edge repeated: <c>d c b a | a b c d | d c b a</c>.</summary>
    Mirror,

    /// <summary>Zero.</summary>
    Zero,
}

internal static class BorderIndex
{
    /// <summary>
    /// The index inside 0..<paramref name="length"/> that mirrors <paramref name="i"/>, however far out it lies.
    /// </summary>
    public static int Mirror(int i, int length)
    {
        int period = 2 * length;
        int folded = ((i % period) + period) % period;
        return folded < length ? folded : period - 1 - folded;
    }
}
