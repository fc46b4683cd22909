using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Klar.Numerics;

/// <summary>
/// A matrix product C = A · B, or C += A · B, whose depth is cut into segments that need not be neighbours in memory:
/// the nine taps of a convolution, or the rows of an image.
/// </summary>
/// <remarks>
/// A(m, k) of segment s lies at a[AOffset(s) + m · ARow + k · AColumn], B(k, n) at b[BOffset(s) + k · BRow + n], C(m,
/// n) at c[m · CRow + n].
/// </remarks>
internal readonly ref struct Product()
{
    private readonly ReadOnlySpan<int> _aOffsets;

    /// <summary>Rows of A and C.</summary>
    public required int Rows { get; init; }

    /// <summary>Columns of B and C, a multiple of 16.</summary>
    public required int Columns { get; init; }

    /// <summary>Terms in a segment.</summary>
    public required int Depth { get; init; }

    public required int ARow { get; init; }

    public required int AColumn { get; init; }

    public required int BRow { get; init; }

    public required int CRow { get; init; }

    /// <summary>Whether the product is added to what C holds, or takes its place.</summary>
    public bool Adds { get; init; } = true;

    /// <summary>From one segment of B to the next.</summary>
    public int BSegment { get; init; }

    /// <summary>Where each segment of A begins.</summary>
    public required ReadOnlySpan<int> AOffsets { get => _aOffsets; init => _aOffsets = value; }

    public int Segments => _aOffsets.Length;

    public int AOffset(int segment) => _aOffsets[segment];

    public int BOffset(int segment) => segment * BSegment;

    /// <summary>Runs the product at the widest registers of this processor.</summary>
    public void Run(ReadOnlySpan<float> a, ReadOnlySpan<float> b, Span<float> c)
    {
        Debug.Assert(Columns % 16 == 0, "Columns are padded to 16.");
        Debug.Assert(Rows == 0 || c.Length >= ((Rows - 1) * CRow) + Columns, "C is too short.");
        ref readonly float aFirst = ref MemoryMarshal.GetReference(a);
        ref readonly float bFirst = ref MemoryMarshal.GetReference(b);
        ref float cFirst = ref MemoryMarshal.GetReference(c);
        if (Vector512.IsHardwareAccelerated)
        {
            ProductTile<Vector512<float>, Lanes512>.Run(in this, in aFirst, in bFirst, ref cFirst);
        }
        else if (Vector256.IsHardwareAccelerated)
        {
            ProductTile<Vector256<float>, Lanes256>.Run(in this, in aFirst, in bFirst, ref cFirst);
        }
        else
        {
            ProductTile<Vector128<float>, Lanes128>.Run(in this, in aFirst, in bFirst, ref cFirst);
        }
    }
}
