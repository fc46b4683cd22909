using Klar.Numerics;

namespace Klar.NonLocal;

/// <summary>
/// The patches of a group as the rows of a matrix, all channels of a patch side by side: a contiguous block, each row
/// padded with zeros to whole registers.
/// </summary>
internal sealed class PatchGroup(int groupSize, int side, int channels)
{
    private readonly float[] _rows = new float[groupSize * Combination.PaddedTo16(side * side * channels)];

    /// <summary>Samples of a patch, all channels.</summary>
    public int Length => side * side * channels;

    /// <summary>From one patch to the next.</summary>
    public int Stride => Combination.PaddedTo16(Length);

    public Span<float> Rows => _rows;

    public Span<float> Row(int patch) => _rows.AsSpan(patch * Stride, Length);

    /// <summary>Takes the patches that begin at <paramref name="positions"/> out of an image.</summary>
    public void Gather(float[][] image, int width, ReadOnlySpan<int> positions)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            for (int c = 0; c < channels; c++)
            {
                PatchRows.Gather(
                    image[c].AsSpan(positions[i]), width, side, _rows.AsSpan((i * Stride) + (c * side * side)));
            }
        }
    }

    /// <summary>
    /// Adds the patches to the sums of an image, each with its weight; <paramref name="firstChannel"/> is where its
    /// channels begin there.
    /// </summary>
    public void Scatter(
        ReadOnlySpan<int> positions, ReadOnlySpan<float> ones, ReadOnlySpan<float> weights, Aggregate sums,
        int firstChannel = 0)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            for (int c = 0; c < channels; c++)
            {
                sums.Add(
                    firstChannel + c, positions[i], side, _rows.AsSpan((i * Stride) + (c * side * side)), ones,
                    weights[i]);
            }
        }
    }
}
