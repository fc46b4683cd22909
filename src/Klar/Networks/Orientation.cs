namespace Klar.Networks;

/// <summary>
/// One of the eight ways to lay a square on itself: turned by <see cref="Turns"/> quarters clockwise, then, if so,
/// mirrored left to right.
/// </summary>
internal readonly record struct Orientation(int Turns, bool Mirrored)
{
    /// <summary>All eight; number 0 leaves a picture as it is.</summary>
    public static IReadOnlyList<Orientation> All { get; } =
    [
        .. Enumerable.Range(0, 8).Select(static i => new Orientation(i % 4, i >= 4))
    ];

    /// <summary>The way back.</summary>
    public Orientation Inverse => Mirrored ? this : new Orientation((4 - Turns) % 4, false);

    /// <summary>
    /// The size of a picture of <paramref name="width"/> × <paramref name="height"/> when it is laid so.
    /// </summary>
    public (int Width, int Height) SizeOf(int width, int height) => Turns % 2 == 0 ? (width, height) : (height, width);

    /// <summary>Where pixel (<paramref name="x"/>, <paramref name="y"/>) of the laid picture comes from.</summary>
    public (int X, int Y) Source(int x, int y, int width, int height)
    {
        (int laidWidth, _) = SizeOf(width, height);
        x = Mirrored ? laidWidth - 1 - x : x;
        return Turns switch
        {
            0 => (x, y),
            1 => (y, height - 1 - x),
            2 => (width - 1 - x, height - 1 - y),
            _ => (width - 1 - y, x),
        };
    }

    /// <summary>The picture, laid so; row-major.</summary>
    public float[] Of(ReadOnlySpan<float> picture, int width, int height)
    {
        (int laidWidth, int laidHeight) = SizeOf(width, height);
        float[] laid = new float[picture.Length];
        for (int y = 0; y < laidHeight; y++)
        {
            for (int x = 0; x < laidWidth; x++)
            {
                (int fromX, int fromY) = Source(x, y, width, height);
                laid[(y * laidWidth) + x] = picture[(fromY * width) + fromX];
            }
        }

        return laid;
    }
}
