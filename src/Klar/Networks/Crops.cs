using Klar.Numerics;

namespace Klar.Networks;

/// <summary>
/// Random crops of a picture, each in a random one of the eight orientations: a function of seed and number, so that
/// any crop can be drawn at any time. Where the picture is smaller than the crop it is mirrored, the edge repeated.
/// </summary>
internal sealed class Crops(ulong seed, int width, int height, int size)
{
    private readonly CounterRandom _random = new(seed, RandomStream.Crops);

    /// <summary>A place and an orientation.</summary>
    internal readonly record struct Crop(int X, int Y, Orientation Orientation);

    /// <summary>Crop number <paramref name="number"/>.</summary>
    public Crop At(ulong number) => new(
        _random.Below(Math.Max(1, width - size + 1), number, 0),
        _random.Below(Math.Max(1, height - size + 1), number, 1),
        Orientation.All[_random.Below(8, number, 2)]);

    /// <summary>Puts the crop's samples of one channel into a map.</summary>
    public void Fill(Crop crop, ReadOnlySpan<float> picture, FeatureMap to, int channel)
    {
        for (int y = 0; y < size; y++)
        {
            Span<float> row = to.Row(y);
            for (int x = 0; x < size; x++)
            {
                (int fromX, int fromY) = crop.Orientation.Source(x, y, size, size);
                int at =
                    (BorderIndex.Mirror(crop.Y + fromY, height) * width) + BorderIndex.Mirror(crop.X + fromX, width);
                row[(x * to.Stride) + channel] = picture[at];
            }
        }
    }
}
