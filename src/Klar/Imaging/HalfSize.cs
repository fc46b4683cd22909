namespace Klar.Imaging;

/// <summary>A plane at half its size, and what changed there brought back to the full size.</summary>
internal static class HalfSize
{
    /// <summary>The means of 2 × 2 samples, from (left, top) on.</summary>
    public static Plane Of(Plane plane, int left, int top) => Plane.Create(
        (plane.Width - left) / 2,
        (plane.Height - top) / 2,
        (plane, left, top),
        static (to, from) =>
        {
            int width = (from.plane.Width - from.left) / 2;
            for (int i = 0; i < to.Length; i++)
            {
                int x = from.left + (2 * (i % width)), y = from.top + (2 * (i / width));
                ReadOnlySpan<float> upper = from.plane.Row(y), lower = from.plane.Row(y + 1);
                to[i] = 0.25f * (upper[x] + upper[x + 1] + lower[x] + lower[x + 1]);
            }
        });

    /// <summary>
    /// The plane with the difference of two planes of half its size added, interpolated as JPEG does with colours: of
    /// the nearest sample 3 parts, of the next 1, across and down.
    /// </summary>
    public static Plane Changed(Plane plane, Plane before, Plane after, int left, int top) => Plane.Create(
        plane.Width,
        plane.Height,
        (plane, before, after, left, top),
        static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                (int x, int y) = ((i % from.plane.Width) - from.left, (i / from.plane.Width) - from.top);
                (int column, int row) = (x >> 1, y >> 1);
                (int nextColumn, int nextRow) = (column + ((x & 1) == 0 ? -1 : 1), row + ((y & 1) == 0 ? -1 : 1));
                float near = (0.75f * Change(column, row)) + (0.25f * Change(nextColumn, row));
                float far = (0.75f * Change(column, nextRow)) + (0.25f * Change(nextColumn, nextRow));
                to[i] = from.plane.Samples[i] + (0.75f * near) + (0.25f * far);
            }

            float Change(int column, int row)
            {
                int at = (Math.Clamp(row, 0, from.before.Height - 1) * from.before.Width)
                    + Math.Clamp(column, 0, from.before.Width - 1);
                return from.after.Samples[at] - from.before.Samples[at];
            }
        });
}
