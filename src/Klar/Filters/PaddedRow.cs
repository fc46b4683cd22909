using System.Runtime.CompilerServices;

namespace Klar.Filters;

/// <summary>A row of a plane, continued past both ends and, above and below, past the plane.</summary>
internal static class PaddedRow
{
    /// <summary>
    /// Writes row <paramref name="y"/>, which may lie outside, with <paramref name="radius"/> samples more at each
    /// end.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Load(Plane plane, int y, int radius, Border border, Span<float> to)
    {
        int width = plane.Width;
        if (border == Border.Zero && (y < 0 || y >= plane.Height))
        {
            to.Clear();
            return;
        }

        ReadOnlySpan<float> row = plane.Row(BorderIndex.Mirror(y, plane.Height));
        row.CopyTo(to[radius..]);
        for (int i = 1; i <= radius; i++)
        {
            bool zero = border == Border.Zero;
            to[radius - i] = zero ? 0 : row[BorderIndex.Mirror(-i, width)];
            to[radius + width - 1 + i] = zero ? 0 : row[BorderIndex.Mirror(width - 1 + i, width)];
        }
    }
}
