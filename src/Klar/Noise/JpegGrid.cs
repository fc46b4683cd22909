using Klar.Imaging;
using Klar.Numerics;

namespace Klar.Noise;

/// <summary>The grid of blocks of 8 × 8 that JPEG compression left in a picture of 8 bits.</summary>
/// <remarks>
/// Quantisation sets most of a block's coefficients to 0, but only those of the blocks that were coded: of blocks that
/// start elsewhere they are not. The share of coefficients next to 0 is therefore greatest where the blocks start, and
/// clearly so (compare Fan and de Queiroz, «Identification of bitmap compression history», IEEE Trans. Image Processing
/// 12(2), 2003).
/// </remarks>
/// <param name="X">The column, 0 to 7, at which blocks start; others follow every 8 columns.</param>
/// <param name="Y">The row, 0 to 7, at which blocks start.</param>
public sealed record JpegGrid(int X, int Y)
{
    /// <summary>Side of a block.</summary>
    internal const int Side = BlockCosine.Side;

    // The grid must be ahead of the next best position by this share of the coefficients, and by so many standard
    // deviations of the share. The quality 95 with noise of σ = 25 leads by 0.05; without JPEG the best of 64 positions
    // leads by 0.006 at most (docs/algorithms/noise.md).
    private const double MinLead = 0.02;
    private const double Deviations = 4;

    // Rounding to whole grey levels gives a coefficient a standard deviation of 0.29 grey levels: a coefficient of 0
    // stays below this.
    private const double NextToZero = 1;

    // With fewer blocks the shares are chance; more say nothing new.
    private const int MinBlocks = 16;
    private const int MaxBlocks = 1024;

    /// <summary>
    /// Whether it is the grid of the luminance of red, green and blue, as JPEG codes colour pictures; not the channels'
    /// own.
    /// </summary>
    internal bool IsColour { get; init; }

    /// <summary>
    /// The grid; null where there is none, or where the picture is not one of 8 bits. Of three channels it is that of
    /// the luminance, if that has more coefficients next to 0 than the first channel.
    /// </summary>
    /// <param name="image">The picture.</param>
    /// <param name="masks">Samples that are no picture, a mask a plane; null where all are.</param>
    internal static JpegGrid? Of(Image image, IReadOnlyList<Mask?> masks)
    {
        if (image.Scale != SampleScale.EightBit)
        {
            return null;
        }

        (JpegGrid? grid, double zeros) = InPlane(image.Planes[0], masks);
        if (image.Planes.Count != 3)
        {
            return grid;
        }

        (JpegGrid? ofLuminance, double zerosOfLuminance) = InPlane(JpegColours.Luminance(image), masks);
        return zerosOfLuminance >= zeros && ofLuminance is not null ? ofLuminance with { IsColour = true } : grid;
    }

    /// <summary>The grid of a plane, and the share of coefficients next to 0 in its blocks.</summary>
    private static (JpegGrid? Grid, double Zeros) InPlane(Plane plane, IReadOnlyList<Mask?> masks)
    {
        (int across, int down) = ((plane.Width / Side) - 1, (plane.Height / Side) - 1);
        int cells = Math.Max(0, across) * Math.Max(0, down), step = 1 + (cells / MaxBlocks);
        int[] zeros = new int[Side * Side];
        int blocks = 0;
        double[] window = new double[WindowSide * BlockCosine.WindowStride];
        for (int cell = 0; cell < cells; cell += step)
        {
            (int left, int top) = (cell % across * Side, cell / across * Side);
            if (!masks.Any(mask => mask?.Touches(left, top, WindowSide) == true) && Fill(plane, left, top, window))
            {
                BlockCosine.CountSmall(window, NextToZero, zeros);
                blocks++;
            }
        }

        return blocks < MinBlocks ? (null, 0) : Leading(zeros, blocks * (BlockCosine.Length - 1.0));
    }

    /// <summary>The window holds the 64 blocks that start in one of its first 8 rows and columns.</summary>
    private const int WindowSide = BlockCosine.WindowSide;

    /// <summary>The position whose share of zeros is ahead of all others, and the greatest share.</summary>
    private static (JpegGrid? Grid, double Zeros) Leading(int[] zeros, double coefficients)
    {
        int best = Array.IndexOf(zeros, zeros.Max());
        double second = zeros.Where((_, position) => position != best).Max() / coefficients;
        double deviation = Math.Sqrt(second * (1 - second) / coefficients);
        bool leads = (zeros[best] / coefficients) - second > Math.Max(MinLead, Deviations * deviation);
        return (leads ? new JpegGrid(best % Side, best / Side) : null, zeros[best] / coefficients);
    }

    /// <summary>A window in grey levels; false where it is of one value, in which all blocks are alike.</summary>
    private static bool Fill(Plane plane, int left, int top, double[] window)
    {
        float first = plane.Row(top)[left];
        bool varies = false;
        for (int y = 0; y < WindowSide; y++)
        {
            ReadOnlySpan<float> row = plane.Row(top + y).Slice(left, WindowSide);
            for (int x = 0; x < WindowSide; x++)
            {
                window[(y * BlockCosine.WindowStride) + x] = 255.0 * row[x];
                varies |= row[x] != first;
            }
        }

        return varies;
    }
}
