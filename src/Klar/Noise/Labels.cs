using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// Whether a picture is one of labels, a segmentation or a mask: areas of few exact values, and no scatter in them.
/// </summary>
internal static class Labels
{
    // Noise leaves more samples than these without an equal one around them; of labels hardly a corner is alone.
    private const double MaxAlone = 0.1;

    /// <summary>Whether hardly a sample beside the masked ones differs from all its eight neighbours.</summary>
    /// <param name="image">The picture.</param>
    /// <param name="masks">Areas of one value, a mask a plane; null where there are none.</param>
    public static bool Are(Image image, IReadOnlyList<Mask?> masks)
    {
        long alone = 0, all = 0;
        for (int c = 0; c < image.Planes.Count; c++)
        {
            Plane plane = image.Planes[c];
            for (int y = 1; y < plane.Height - 1; y++)
            {
                for (int x = 1; x < plane.Width - 1; x++)
                {
                    int at = (y * plane.Width) + x;
                    if (masks[c]?[at] != true)
                    {
                        all++;
                        alone += HasEqual(plane.Samples, at, plane.Width) ? 0 : 1;
                    }
                }
            }
        }

        return alone <= MaxAlone * all;
    }

    private static bool HasEqual(ReadOnlySpan<float> samples, int at, int width)
    {
        float value = samples[at];
        for (int row = at - width; row <= at + width; row += width)
        {
            if (samples[row - 1] == value || samples[row + 1] == value || (row != at && samples[row] == value))
            {
                return true;
            }
        }

        return false;
    }
}
