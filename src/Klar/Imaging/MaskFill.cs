namespace Klar.Imaging;

/// <summary>
/// Fills masked samples smoothly from the nearest valid ones, so that a method sees no edge where the picture only
/// stops.
/// </summary>
/// <remarks>
/// Normalized convolution on a pyramid (pull-push; Gortler et al., "The Lumigraph", SIGGRAPH 1996, section 3.4.2): on
/// the way up each cell is the mean of those of its four cells that are known; on the way down unknown cells are
/// interpolated from the level above. O(n), one thread, any size.
/// </remarks>
internal static class MaskFill
{
    /// <summary>
    /// The plane with every masked sample replaced; valid samples keep their values. Where nothing is valid it is 0.
    /// </summary>
    public static Plane Filled(Plane plane, Mask mask, CancellationToken cancel = default)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual((mask.Width, mask.Height), (plane.Width, plane.Height));
        var levels = new List<Level> { Level.Of(plane, mask) };
        while (levels[^1] is { IsComplete: false } level && (level.Width > 1 || level.Height > 1))
        {
            cancel.ThrowIfCancellationRequested();
            levels.Add(level.Pulled());
        }

        for (int i = levels.Count - 2; i >= 0; i--)
        {
            levels[i].Push(levels[i + 1], cancel);
        }

        return new Plane(plane.Width, plane.Height, levels[0].Values);
    }

    /// <summary>The image with the masked samples of each plane replaced; planes without a mask stay.</summary>
    public static Image Filled(Image image, IReadOnlyList<Mask?> masks, CancellationToken cancel = default) =>
        masks.All(static mask => mask is null)
            ? image
            : image.With(
                [.. image.Planes.Select((plane, c) => masks[c] is { } mask ? Filled(plane, mask, cancel) : plane)]);

    /// <summary>One level of the pyramid: values, and which of them are known. Unknown values are 0.</summary>
    private sealed record Level(int Width, int Height, float[] Values, bool[] Known)
    {
        public bool IsComplete => !Known.AsSpan().Contains(false);

        public static Level Of(Plane plane, Mask mask)
        {
            float[] values = plane.Samples.ToArray();
            bool[] known = new bool[values.Length];
            for (int i = 0; i < values.Length; i++)
            {
                known[i] = !mask[i];
                values[i] = known[i] ? values[i] : 0;
            }

            return new Level(plane.Width, plane.Height, values, known);
        }

        /// <summary>The level above, half as wide and high.</summary>
        public Level Pulled()
        {
            int width = (Width + 1) / 2, height = (Height + 1) / 2;
            var above = new Level(width, height, new float[width * height], new bool[width * height]);
            int[] count = new int[width * height];
            for (int y = 0; y < Height; y++)
            {
                for (int x = 0; x < Width; x++)
                {
                    int from = (y * Width) + x, to = (y / 2 * width) + (x / 2);
                    above.Values[to] += Values[from];
                    count[to] += Known[from] ? 1 : 0;
                }
            }

            for (int i = 0; i < count.Length; i++)
            {
                above.Known[i] = count[i] > 0;
                above.Values[i] /= Math.Max(1, count[i]);
            }

            return above;
        }

        /// <summary>Interpolates unknown values from the level above, which is complete by now.</summary>
        public void Push(Level above, CancellationToken cancel)
        {
            for (int y = 0; y < Height; y++)
            {
                cancel.ThrowIfCancellationRequested();
                for (int x = 0; x < Width; x++)
                {
                    int at = (y * Width) + x;
                    Values[at] = Known[at] ? Values[at] : above.Between(x, y);
                }
            }
        }

        /// <summary>
        /// Bilinear between the four cells around the place of (x, y) of the level below: 3 parts of its own cell, 1
        /// of the neighbour.
        /// </summary>
        private float Between(int x, int y)
        {
            (int column, int row) = (x / 2, y / 2);
            int beside = Math.Clamp(column + (x % 2 == 0 ? -1 : 1), 0, Width - 1),
                behind = Math.Clamp(row + (y % 2 == 0 ? -1 : 1), 0, Height - 1);
            float near = (0.75f * Values[(row * Width) + column]) + (0.25f * Values[(row * Width) + beside]);
            float far = (0.75f * Values[(behind * Width) + column]) + (0.25f * Values[(behind * Width) + beside]);
            return (0.75f * near) + (0.25f * far);
        }
    }
}
