using Klar.Networks;
using Klar.Numerics;

namespace Klar.SelfSupervised.Neighbor2Neighbor;

/// <summary>
/// Of each cell of 2 × 2 pixels an ordered pair of adjacent ones, never of diagonal ones, drawn from the eight there
/// are: two half-size pictures g₁ and g₂ of a picture. What is drawn is a function of seed, number and cell.
/// </summary>
internal sealed class NeighborPairs(ulong seed, int width, int height)
{
    // Pixels of a cell by row: 0 1 / 2 3.
    private static readonly (int First, int Second)[] Adjacent = [(
        0, 1), (0, 2), (1, 3), (2, 3), (1, 0), (2, 0), (3, 1), (3, 2)];

    private readonly CounterRandom _random = new(seed, RandomStream.Neighbors);
    private readonly byte[] _drawn = new byte[width / 2 * (height / 2)];

    /// <summary>Draws the cells' pairs of picture <paramref name="number"/>.</summary>
    public void Draw(ulong number)
    {
        for (int i = 0; i < _drawn.Length; i++)
        {
            _drawn[i] = (byte)_random.Below(Adjacent.Length, (number * (ulong)_drawn.Length) + (ulong)i);
        }
    }

    /// <summary>Fills g₁ and g₂ of a picture that has the channels of both.</summary>
    public void Of(FeatureMap picture, FeatureMap first, FeatureMap second)
    {
        for (int y = 0; y < first.Height; y++)
        {
            ReadOnlySpan<float> upper = picture.Row(2 * y), lower = picture.Row((2 * y) + 1);
            Span<float> toFirst = first.Row(y), toSecond = second.Row(y);
            for (int x = 0; x < first.Width; x++)
            {
                (int one, int other) = Adjacent[_drawn[(y * first.Width) + x]];
                for (int c = 0; c < picture.Channels; c++)
                {
                    toFirst[(x * first.Stride) + c] =
                        (one < 2 ? upper : lower)[(((2 * x) + (one % 2)) * picture.Stride) + c];
                    toSecond[(x * second.Stride) + c] =
                        (other < 2 ? upper : lower)[(((2 * x) + (other % 2)) * picture.Stride) + c];
                }
            }
        }
    }
}
