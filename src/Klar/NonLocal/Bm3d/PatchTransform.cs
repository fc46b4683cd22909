using Klar.Numerics;

namespace Klar.NonLocal.Bm3d;

/// <summary>
/// A separable transform of square patches, T x Tᵀ, and its inverse, as one matrix each: groups of patches are then
/// matrix products, which the product tile does at almost the processor's peak.
/// </summary>
internal sealed class PatchTransform
{
    // Frequencies without any noise would never be smoothed, and a measured autocorrelation is not exact.
    private const double MinVariance = 0.02;

    private static readonly int[] OneSegment = [0];

    private readonly float[] _forward;
    private readonly float[] _inverse;

    private PatchTransform(double[,] matrix, double[,] inverse)
    {
        Side = matrix.GetLength(0);
        Stride = (Length + 15) / 16 * 16;
        _forward = Squared(matrix);
        _inverse = Squared(inverse);
    }

    /// <summary>Side of a patch.</summary>
    public int Side { get; }

    /// <summary>Samples of a patch.</summary>
    public int Length => Side * Side;

    /// <summary>From one patch to the next in a group: whole registers.</summary>
    public int Stride { get; }

    /// <summary>The orthonormal discrete cosine transform (II).</summary>
    public static PatchTransform Cosine(int side)
    {
        double[,] matrix = new double[side, side];
        for (int k = 0; k < side; k++)
        {
            for (int i = 0; i < side; i++)
            {
                matrix[k, i] = Math.Sqrt((k == 0 ? 1.0 : 2.0) / side) * Elementary.CosPi(k * (i + 0.5) / side);
            }
        }

        return new PatchTransform(matrix, Transposed(matrix));
    }

    /// <summary>
    /// The biorthogonal wavelet 1.5 on 8 samples: three levels of periodic analysis, rows of unit norm. Not orthogonal.
    /// </summary>
    public static PatchTransform Wavelet()
    {
        double[,] matrix = BiorthogonalWavelet.Analysis(8);
        return new PatchTransform(matrix, BiorthogonalWavelet.Inverse(matrix));
    }

    /// <summary>to = T x Tᵀ for each of <paramref name="count"/> patches.</summary>
    public void Forward(ReadOnlySpan<float> patches, int count, Span<float> to) =>
        Multiply(patches, count, _forward, to);

    /// <summary>The way back.</summary>
    public void Inverse(ReadOnlySpan<float> coefficients, int count, Span<float> to) =>
        Multiply(coefficients, count, _inverse, to);

    /// <summary>
    /// The variance of each coefficient for stationary noise of variance 1: Σ T(i, p) T(i, q) ρ(p − q), with the
    /// autocorrelation at lags −4 to 4,
    /// 9 × 9; all 1 for white noise and an orthonormal transform. Padded with ones.
    /// </summary>
    /// <remarks>
    /// Mäkinen, Azzari and Foi, IEEE Trans. Image Processing 29, 2020, eq. 8, for the transform within a patch.
    /// </remarks>
    public float[] Variances(IReadOnlyList<double>? autocorrelation)
    {
        const int Reach = 4, Width = (2 * Reach) + 1;
        float[] variances = new float[Stride];
        variances.AsSpan().Fill(1);
        if (autocorrelation is null || autocorrelation.Count != Width * Width)
        {
            return variances;
        }

        for (int i = 0; i < Length; i++)
        {
            double sum = 0;
            for (int p = 0; p < Length; p++)
            {
                for (int y = Math.Max(0, (p / Side) - Reach); y <= Math.Min(Side - 1, (p / Side) + Reach); y++)
                {
                    for (int x = Math.Max(0, (p % Side) - Reach); x <= Math.Min(Side - 1, (p % Side) + Reach); x++)
                    {
                        double rho = autocorrelation[((y - (p / Side) + Reach) * Width) + x - (p % Side) + Reach];
                        sum += rho * _forward[(p * Stride) + i] * _forward[(((y * Side) + x) * Stride) + i];
                    }
                }
            }

            variances[i] = (float)Math.Max(MinVariance, sum);
        }

        return variances;
    }

    private void Multiply(ReadOnlySpan<float> from, int count, float[] matrix, Span<float> to) =>
        new Product
        {
            Rows = count,
            Columns = Stride,
            Depth = Length,
            ARow = Stride,
            AColumn = 1,
            AOffsets = OneSegment,
            BRow = Stride,
            CRow = Stride,
            Adds = false,
        }.Run(from, matrix, to);

    /// <summary>M ⊗ M, transposed: [sample][coefficient], the coefficients padded with zeros.</summary>
    private float[] Squared(double[,] m)
    {
        float[] squared = new float[Length * Stride];
        for (int sample = 0; sample < Length; sample++)
        {
            for (int coefficient = 0; coefficient < Length; coefficient++)
            {
                squared[(sample * Stride) + coefficient] =
                    (float)(m[coefficient / Side, sample / Side] * m[coefficient % Side, sample % Side]);
            }
        }

        return squared;
    }

    private static double[,] Transposed(double[,] matrix)
    {
        int side = matrix.GetLength(0);
        double[,] transposed = new double[side, side];
        for (int i = 0; i < side; i++)
        {
            for (int j = 0; j < side; j++)
            {
                transposed[i, j] = matrix[j, i];
            }
        }

        return transposed;
    }
}
