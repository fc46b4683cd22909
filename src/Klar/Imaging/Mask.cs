namespace Klar.Imaging;

/// <summary>
/// The samples of a plane that show no picture: missing, burnt in, or cut off. They are neither measured nor
/// denoised.
/// </summary>
internal sealed class Mask
{
    private readonly bool[] _masked;

    /// <param name="width">Samples in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="masked">Whether each sample is masked, row-major.</param>
    public Mask(int width, int height, bool[] masked)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(masked.Length, checked(width * height));
        (Width, Height, _masked, Count) = (width, height, masked, masked.AsSpan().Count(true));
    }

    /// <summary>Samples in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>How many samples are masked.</summary>
    public int Count { get; }

    /// <summary>Whether a sample is masked, row-major as in <see cref="Plane.Samples"/>.</summary>
    public bool this[int sample] => _masked[sample];

    /// <summary>Whether a square of that side from (left, top) holds a masked sample.</summary>
    public bool Touches(int left, int top, int side)
    {
        for (int y = top; y < top + side; y++)
        {
            if (_masked.AsSpan((y * Width) + left, side).Contains(true))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many samples are masked in all planes of an image.</summary>
    /// <param name="masks">A mask a plane; null for a plane without masked samples.</param>
    public static int CountIn(IReadOnlyList<Mask?> masks) => masks.Sum(static mask => mask?.Count ?? 0);

    /// <summary>The samples that are masked in any plane; null where there is none.</summary>
    /// <param name="masks">A mask a plane; null for a plane without masked samples.</param>
    public static Mask? InAny(IReadOnlyList<Mask?> masks)
    {
        Mask[] some = [.. masks.OfType<Mask>()];
        return some.Length == 0
            ? null
            : new Mask(
                some[0].Width,
                some[0].Height,
                [.. Enumerable.Range(0, some[0]._masked.Length).Select(i => Array.Exists(some, mask => mask[i]))]);
    }

    /// <summary>The part that starts at (<paramref name="x"/>, <paramref name="y"/>).</summary>
    public Mask Crop(int x, int y, int width, int height)
    {
        bool[] part = new bool[width * height];
        for (int row = 0; row < height; row++)
        {
            _masked.AsSpan(((y + row) * Width) + x, width).CopyTo(part.AsSpan(row * width));
        }

        return new Mask(width, height, part);
    }

    /// <summary>The samples that are NaN or infinite; null where there is none.</summary>
    public static Mask? OfNonFinite(Plane plane)
    {
        bool[]? masked = null;
        for (int i = 0; i < plane.Samples.Length; i++)
        {
            if (!float.IsFinite(plane.Samples[i]))
            {
                (masked ??= new bool[plane.Samples.Length])[i] = true;
            }
        }

        return masked is null ? null : new Mask(plane.Width, plane.Height, masked);
    }

    /// <summary>
    /// The largest rectangle without a masked sample; of equal ones the first from the top left. Its width is 0 where
    /// all samples are masked.
    /// </summary>
    /// <remarks>The largest rectangle under a histogram of free heights, row by row with a stack: O(n).</remarks>
    public (int X, int Y, int Width, int Height) LargestFree()
    {
        int[] free = new int[Width];
        var open = new Stack<(int From, int Height)>();
        (int X, int Y, int Width, int Height) best = default;
        for (int y = 0; y < Height; y++)
        {
            for (int x = 0; x <= Width; x++)
            {
                int height = x == Width ? 0 : free[x] = _masked[(y * Width) + x] ? 0 : free[x] + 1;
                int from = x;
                while (open.TryPeek(out (int From, int Height) top) && top.Height >= height)
                {
                    _ = open.Pop();
                    from = top.From;
                    if ((long)(x - from) * top.Height > (long)best.Width * best.Height)
                    {
                        best = (from, y - top.Height + 1, x - from, top.Height);
                    }
                }

                if (height > 0)
                {
                    open.Push((from, height));
                }
            }
        }

        return best;
    }

    /// <summary>
    /// The masked samples within fully masked squares of that side; null where there is no such square.
    /// </summary>
    public Mask? Areas(int side)
    {
        // The side of the largest masked square with its last corner at each sample (dynamic programming over rows).
        int[] largest = new int[_masked.Length];
        bool[] areas = new bool[_masked.Length];
        for (int i = 0; i < _masked.Length; i++)
        {
            (int x, int y) = (i % Width, i / Width);
            int before = x == 0 || y == 0
                ? 0
                : Math.Min(largest[i - 1], Math.Min(largest[i - Width], largest[i - Width - 1]));
            largest[i] = _masked[i] ? before + 1 : 0;
        }

        // From the last corners back over the squares: first along rows, then along columns.
        int[] below = new int[Width];
        for (int y = Height - 1; y >= 0; y--)
        {
            int right = 0;
            for (int x = Width - 1; x >= 0; x--)
            {
                right = largest[(y * Width) + x] >= side ? side : right - 1;
                below[x] = right > 0 ? side : below[x] - 1;
                areas[(y * Width) + x] = below[x] > 0;
            }
        }

        return areas.AsSpan().Contains(true) ? new Mask(Width, Height, areas) : null;
    }
}
