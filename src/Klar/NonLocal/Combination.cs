using Klar.Numerics;

namespace Klar.NonLocal;

/// <summary>
/// The best linear combinations of the patches of a group, as NL-Ridge and LIChI use them: the estimate of the group
/// is Θ Y, the rows of Y being its patches, where Θ minimises a quadratic risk under rows that sum to one. Memory of
/// one worker.
/// </summary>
/// <remarks>
/// Herbreteau and Kervrann, SIAM J. Imaging Sciences 18(1), 2025. With Q = X Xᵀ + R, diagonal R and D, q = Q⁻¹ 1, s =
/// 1ᵀ q:
/// <code>
/// Θ = I − D (Q⁻¹ − q qᵀ / s)
/// </code>
/// Because the rows of Θ sum to one, a patch taken off all rows of X changes nothing but makes Q far better
/// conditioned: the mean patch is taken off, and single precision is enough.
/// </remarks>
internal sealed class Combination
{
    private static readonly int[] OneSegment = [0];

    // Of the largest diagonal entry: the largest eigenvalue may be a hundred times that, and elimination errs by some
    // 1e-7 of it.
    private const float MinRidge = 1e-4f;

    // Where there is neither noise nor any difference between patches.
    private const float Tiny = 1e-12f;

    private readonly float[] _transposed;
    private readonly float[] _weights;
    private readonly float[] _q;
    private readonly float[] _norms;
    private readonly float[] _factors;
    private readonly int _stride;
    private readonly int _patchStride;
    private readonly int _length;

    /// <param name="groupSize">The most patches of a group.</param>
    /// <param name="length">Samples of a patch, all channels.</param>
    public Combination(int groupSize, int length)
    {
        _length = length;
        _stride = PaddedTo16(groupSize);
        _patchStride = PaddedTo16(length);
        _transposed = new float[length * _stride];
        _weights = new float[groupSize * _stride];
        _q = new float[_stride];
        _norms = new float[_stride];
        _factors = new float[SymmetricInverse.ScratchLength(groupSize)];
    }

    /// <summary>Σ_i Θ_ji² of each patch j.</summary>
    public ReadOnlySpan<float> Norms => _norms;

    /// <summary>The next multiple of 16.</summary>
    public static int PaddedTo16(int count) => (count + 15) / 16 * 16;

    /// <summary>
    /// Takes the mean of <paramref name="count"/> patches off all of them and writes it to <paramref name="mean"/>.
    /// </summary>
    public void Centre(Span<float> patches, int count, Span<float> mean)
    {
        mean[.._patchStride].Clear();
        CombinationKernels.AddRows(patches, count, _patchStride, mean);
        for (int i = 0; i < _length; i++)
        {
            mean[i] /= -count;
        }

        AddToAll(mean, patches, count);
        for (int i = 0; i < _length; i++)
        {
            mean[i] = -mean[i];
        }
    }

    /// <summary>Adds a patch to all.</summary>
    public void AddToAll(ReadOnlySpan<float> patch, Span<float> patches, int count)
    {
        for (int i = 0; i < count; i++)
        {
            Pixelwise.Add(patch[.._patchStride], patches.Slice(i * _patchStride, _patchStride));
        }
    }

    /// <summary>
    /// Finds Θ for centred patches X, the diagonal <paramref name="ridge"/> of R and the diagonal
    /// <paramref name="noise"/> of D, none negative.
    /// </summary>
    public void Solve(ReadOnlySpan<float> patches, int count, ReadOnlySpan<float> ridge, ReadOnlySpan<float> noise)
    {
        int stride = PaddedTo16(count);
        CombinationKernels.Transpose(patches, count, _length, _patchStride, _transposed, stride);
        for (int i = 0; i < _length && count < stride; i++)
        {
            _transposed.AsSpan((i * stride) + count, stride - count).Clear();
        }

        Span<float> q = _q.AsSpan(0, stride);
        Span<float> matrix = _weights.AsSpan(0, count * stride);
        new Product
        {
            Rows = count,
            Columns = stride,
            Depth = _length,
            ARow = _patchStride,
            AColumn = 1,
            AOffsets = OneSegment,
            BRow = stride,
            CRow = stride,
            Adds = false,
        }.Run(patches, _transposed, matrix);
        float largest = 0;
        for (int i = 0; i < count; i++)
        {
            largest = Math.Max(largest, matrix[(i * stride) + i]);
        }

        // X Xᵀ alone has no inverse where patches are alike or fewer than samples; a ridge below its rounding errors
        // would not help.
        for (int i = 0; i < count; i++)
        {
            matrix[(i * stride) + i] += Math.Max(ridge[i], Math.Max(MinRidge * largest, Tiny));
        }

        SymmetricInverse.Invert(matrix, count, stride, _factors);
        q.Clear();
        CombinationKernels.AddRows(matrix, count, stride, q);
        float sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += q[i];
        }

        // Θᵀ: an entry's column is the patch that is estimated.
        CombinationKernels.Weights(matrix, count, stride, q, 1 / sum, noise, _norms);
    }

    /// <summary>to = Θ Y for the <paramref name="count"/> patches that <see cref="Solve"/> had.</summary>
    public void Apply(ReadOnlySpan<float> patches, int count, Span<float> to) =>
        new Product
        {
            Rows = count,
            Columns = _patchStride,
            Depth = count,
            ARow = 1,
            AColumn = PaddedTo16(count),
            AOffsets = OneSegment,
            BRow = _patchStride,
            CRow = _patchStride,
            Adds = false,
        }.Run(_weights, patches, to);
}
