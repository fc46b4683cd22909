using System.Runtime.CompilerServices;

namespace Klar.Numerics;

/// <summary>
/// The inner loops of every convolution and its gradients: C = A · B or C += A · B, with the sums of a small tile of
/// C in registers. A lane is a column of C. Each sum adds its terms in the order of the segments and of k, fused, so
/// that the result is the same at every register width and for every tile shape.
/// </summary>
/// <remarks>
/// A step of k loads a row of B once and one number of A for each row of the tile, which the processor broadcasts while
/// it multiplies: 3 loads and 8 broadcasts feed 24 multiply-adds with AVX-512's 32 registers; with the 16 of AVX2 a
/// tile of 4 rows leaves room for 12 sums, the row of B and the broadcast.
/// </remarks>
internal static class ProductTile<T, TLanes>
    where T : struct
    where TLanes : struct, ILanes<T>
{
    // 24 sums fill the register file of AVX-512, 12 that of AVX2 and its elders.
    private static int TallRows => TLanes.Count == 16 ? 8 : 4;

    /// <summary>C = A · B or C += A · B. Columns beyond whole registers do not exist: callers pad them to 16.</summary>
    public static void Run(in Product p, ref readonly float a, ref readonly float b, ref float c)
    {
        int column = 0;
        for (; column <= p.Columns - (3 * TLanes.Count); column += 3 * TLanes.Count)
        {
            ref readonly float bAt = ref Unsafe.Add(ref Unsafe.AsRef(in b), column);
            int row = 0;
            for (; row <= p.Rows - TallRows; row += TallRows)
            {
                ref readonly float aAt = ref Unsafe.Add(ref Unsafe.AsRef(in a), row * p.ARow);
                ref float cAt = ref Unsafe.Add(ref c, (row * p.CRow) + column);
                if (TLanes.Count == 16)
                {
                    Tile8x3(in p, in aAt, in bAt, ref cAt);
                }
                else
                {
                    Tile4x3(in p, in aAt, in bAt, ref cAt);
                }
            }

            if (TLanes.Count == 16 && row <= p.Rows - 4)
            {
                ref float cAt = ref Unsafe.Add(ref c, (row * p.CRow) + column);
                Tile4x3(in p, in Unsafe.Add(ref Unsafe.AsRef(in a), row * p.ARow), in bAt, ref cAt);
                row += 4;
            }

            for (; row < p.Rows; row++)
            {
                Tile1x3(
                    in p, in Unsafe.Add(ref Unsafe.AsRef(in a), row * p.ARow), in bAt,
                    ref Unsafe.Add(ref c, (row * p.CRow) + column));
            }
        }

        for (; column < p.Columns; column += TLanes.Count)
        {
            ref readonly float bAt = ref Unsafe.Add(ref Unsafe.AsRef(in b), column);
            int row = 0;
            for (; row <= p.Rows - 8; row += 8)
            {
                Tile8x1(
                    in p, in Unsafe.Add(ref Unsafe.AsRef(in a), row * p.ARow), in bAt,
                    ref Unsafe.Add(ref c, (row * p.CRow) + column));
            }

            for (; row < p.Rows; row++)
            {
                Tile1x1(
                    in p, in Unsafe.Add(ref Unsafe.AsRef(in a), row * p.ARow), in bAt,
                    ref Unsafe.Add(ref c, (row * p.CRow) + column));
            }
        }
    }

    /// <summary>8 rows, 3 registers of columns: 24 sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x3(in Product p, ref readonly float a, ref readonly float b, ref float c)
    {
        int aRow = p.ARow, aColumn = p.AColumn, bRow = p.BRow, cRow = p.CRow, depth = p.Depth, n = TLanes.Count;
        T c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32,
            c40, c41, c42, c50, c51, c52, c60, c61, c62, c70, c71, c72;
        if (p.Adds)
        {
            c00 = TLanes.Load(in c, 0);
            c01 = TLanes.Load(in c, n);
            c02 = TLanes.Load(in c, 2 * n);
            c10 = TLanes.Load(in c, cRow);
            c11 = TLanes.Load(in c, cRow + n);
            c12 = TLanes.Load(in c, cRow + (2 * n));
            c20 = TLanes.Load(in c, 2 * cRow);
            c21 = TLanes.Load(in c, (2 * cRow) + n);
            c22 = TLanes.Load(in c, (2 * cRow) + (2 * n));
            c30 = TLanes.Load(in c, 3 * cRow);
            c31 = TLanes.Load(in c, (3 * cRow) + n);
            c32 = TLanes.Load(in c, (3 * cRow) + (2 * n));
            c40 = TLanes.Load(in c, 4 * cRow);
            c41 = TLanes.Load(in c, (4 * cRow) + n);
            c42 = TLanes.Load(in c, (4 * cRow) + (2 * n));
            c50 = TLanes.Load(in c, 5 * cRow);
            c51 = TLanes.Load(in c, (5 * cRow) + n);
            c52 = TLanes.Load(in c, (5 * cRow) + (2 * n));
            c60 = TLanes.Load(in c, 6 * cRow);
            c61 = TLanes.Load(in c, (6 * cRow) + n);
            c62 = TLanes.Load(in c, (6 * cRow) + (2 * n));
            c70 = TLanes.Load(in c, 7 * cRow);
            c71 = TLanes.Load(in c, (7 * cRow) + n);
            c72 = TLanes.Load(in c, (7 * cRow) + (2 * n));
        }
        else
        {
            c00 = c01 = c02 = TLanes.Of(0);
            c10 = c11 = c12 = TLanes.Of(0);
            c20 = c21 = c22 = TLanes.Of(0);
            c30 = c31 = c32 = TLanes.Of(0);
            c40 = c41 = c42 = TLanes.Of(0);
            c50 = c51 = c52 = TLanes.Of(0);
            c60 = c61 = c62 = TLanes.Of(0);
            c70 = c71 = c72 = TLanes.Of(0);
        }

        for (int s = 0; s < p.Segments; s++)
        {
            ref readonly float a0 = ref Unsafe.Add(ref Unsafe.AsRef(in a), p.AOffset(s));
            ref readonly float a1 = ref Unsafe.Add(ref Unsafe.AsRef(in a0), aRow);
            ref readonly float a2 = ref Unsafe.Add(ref Unsafe.AsRef(in a1), aRow);
            ref readonly float a3 = ref Unsafe.Add(ref Unsafe.AsRef(in a2), aRow);
            ref readonly float a4 = ref Unsafe.Add(ref Unsafe.AsRef(in a3), aRow);
            ref readonly float a5 = ref Unsafe.Add(ref Unsafe.AsRef(in a4), aRow);
            ref readonly float a6 = ref Unsafe.Add(ref Unsafe.AsRef(in a5), aRow);
            ref readonly float a7 = ref Unsafe.Add(ref Unsafe.AsRef(in a6), aRow);
            ref readonly float bk = ref Unsafe.Add(ref Unsafe.AsRef(in b), p.BOffset(s));
            for (int k = 0, i = 0; k < depth; k++, i += aColumn)
            {
                T b0 = TLanes.Load(in bk, 0), b1 = TLanes.Load(in bk, n), b2 = TLanes.Load(in bk, 2 * n);
                T x0 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a0), i));
                c00 = TLanes.FusedMultiplyAdd(x0, b0, c00);
                c01 = TLanes.FusedMultiplyAdd(x0, b1, c01);
                c02 = TLanes.FusedMultiplyAdd(x0, b2, c02);
                T x1 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a1), i));
                c10 = TLanes.FusedMultiplyAdd(x1, b0, c10);
                c11 = TLanes.FusedMultiplyAdd(x1, b1, c11);
                c12 = TLanes.FusedMultiplyAdd(x1, b2, c12);
                T x2 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a2), i));
                c20 = TLanes.FusedMultiplyAdd(x2, b0, c20);
                c21 = TLanes.FusedMultiplyAdd(x2, b1, c21);
                c22 = TLanes.FusedMultiplyAdd(x2, b2, c22);
                T x3 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a3), i));
                c30 = TLanes.FusedMultiplyAdd(x3, b0, c30);
                c31 = TLanes.FusedMultiplyAdd(x3, b1, c31);
                c32 = TLanes.FusedMultiplyAdd(x3, b2, c32);
                T x4 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a4), i));
                c40 = TLanes.FusedMultiplyAdd(x4, b0, c40);
                c41 = TLanes.FusedMultiplyAdd(x4, b1, c41);
                c42 = TLanes.FusedMultiplyAdd(x4, b2, c42);
                T x5 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a5), i));
                c50 = TLanes.FusedMultiplyAdd(x5, b0, c50);
                c51 = TLanes.FusedMultiplyAdd(x5, b1, c51);
                c52 = TLanes.FusedMultiplyAdd(x5, b2, c52);
                T x6 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a6), i));
                c60 = TLanes.FusedMultiplyAdd(x6, b0, c60);
                c61 = TLanes.FusedMultiplyAdd(x6, b1, c61);
                c62 = TLanes.FusedMultiplyAdd(x6, b2, c62);
                T x7 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a7), i));
                c70 = TLanes.FusedMultiplyAdd(x7, b0, c70);
                c71 = TLanes.FusedMultiplyAdd(x7, b1, c71);
                c72 = TLanes.FusedMultiplyAdd(x7, b2, c72);
                bk = ref Unsafe.Add(ref Unsafe.AsRef(in bk), bRow);
            }
        }

        TLanes.Store(c00, ref c, 0);
        TLanes.Store(c01, ref c, n);
        TLanes.Store(c02, ref c, 2 * n);
        TLanes.Store(c10, ref c, cRow);
        TLanes.Store(c11, ref c, cRow + n);
        TLanes.Store(c12, ref c, cRow + (2 * n));
        TLanes.Store(c20, ref c, 2 * cRow);
        TLanes.Store(c21, ref c, (2 * cRow) + n);
        TLanes.Store(c22, ref c, (2 * cRow) + (2 * n));
        TLanes.Store(c30, ref c, 3 * cRow);
        TLanes.Store(c31, ref c, (3 * cRow) + n);
        TLanes.Store(c32, ref c, (3 * cRow) + (2 * n));
        TLanes.Store(c40, ref c, 4 * cRow);
        TLanes.Store(c41, ref c, (4 * cRow) + n);
        TLanes.Store(c42, ref c, (4 * cRow) + (2 * n));
        TLanes.Store(c50, ref c, 5 * cRow);
        TLanes.Store(c51, ref c, (5 * cRow) + n);
        TLanes.Store(c52, ref c, (5 * cRow) + (2 * n));
        TLanes.Store(c60, ref c, 6 * cRow);
        TLanes.Store(c61, ref c, (6 * cRow) + n);
        TLanes.Store(c62, ref c, (6 * cRow) + (2 * n));
        TLanes.Store(c70, ref c, 7 * cRow);
        TLanes.Store(c71, ref c, (7 * cRow) + n);
        TLanes.Store(c72, ref c, (7 * cRow) + (2 * n));
    }

    /// <summary>4 rows, 3 registers of columns: 12 sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x3(in Product p, ref readonly float a, ref readonly float b, ref float c)
    {
        int aRow = p.ARow, aColumn = p.AColumn, bRow = p.BRow, cRow = p.CRow, depth = p.Depth, n = TLanes.Count;
        T c00, c01, c02, c10, c11, c12, c20, c21, c22, c30, c31, c32;
        if (p.Adds)
        {
            c00 = TLanes.Load(in c, 0);
            c01 = TLanes.Load(in c, n);
            c02 = TLanes.Load(in c, 2 * n);
            c10 = TLanes.Load(in c, cRow);
            c11 = TLanes.Load(in c, cRow + n);
            c12 = TLanes.Load(in c, cRow + (2 * n));
            c20 = TLanes.Load(in c, 2 * cRow);
            c21 = TLanes.Load(in c, (2 * cRow) + n);
            c22 = TLanes.Load(in c, (2 * cRow) + (2 * n));
            c30 = TLanes.Load(in c, 3 * cRow);
            c31 = TLanes.Load(in c, (3 * cRow) + n);
            c32 = TLanes.Load(in c, (3 * cRow) + (2 * n));
        }
        else
        {
            c00 = c01 = c02 = TLanes.Of(0);
            c10 = c11 = c12 = TLanes.Of(0);
            c20 = c21 = c22 = TLanes.Of(0);
            c30 = c31 = c32 = TLanes.Of(0);
        }

        for (int s = 0; s < p.Segments; s++)
        {
            ref readonly float a0 = ref Unsafe.Add(ref Unsafe.AsRef(in a), p.AOffset(s));
            ref readonly float a1 = ref Unsafe.Add(ref Unsafe.AsRef(in a0), aRow);
            ref readonly float a2 = ref Unsafe.Add(ref Unsafe.AsRef(in a1), aRow);
            ref readonly float a3 = ref Unsafe.Add(ref Unsafe.AsRef(in a2), aRow);
            ref readonly float bk = ref Unsafe.Add(ref Unsafe.AsRef(in b), p.BOffset(s));
            for (int k = 0, i = 0; k < depth; k++, i += aColumn)
            {
                T b0 = TLanes.Load(in bk, 0), b1 = TLanes.Load(in bk, n), b2 = TLanes.Load(in bk, 2 * n);
                T x0 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a0), i));
                c00 = TLanes.FusedMultiplyAdd(x0, b0, c00);
                c01 = TLanes.FusedMultiplyAdd(x0, b1, c01);
                c02 = TLanes.FusedMultiplyAdd(x0, b2, c02);
                T x1 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a1), i));
                c10 = TLanes.FusedMultiplyAdd(x1, b0, c10);
                c11 = TLanes.FusedMultiplyAdd(x1, b1, c11);
                c12 = TLanes.FusedMultiplyAdd(x1, b2, c12);
                T x2 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a2), i));
                c20 = TLanes.FusedMultiplyAdd(x2, b0, c20);
                c21 = TLanes.FusedMultiplyAdd(x2, b1, c21);
                c22 = TLanes.FusedMultiplyAdd(x2, b2, c22);
                T x3 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a3), i));
                c30 = TLanes.FusedMultiplyAdd(x3, b0, c30);
                c31 = TLanes.FusedMultiplyAdd(x3, b1, c31);
                c32 = TLanes.FusedMultiplyAdd(x3, b2, c32);
                bk = ref Unsafe.Add(ref Unsafe.AsRef(in bk), bRow);
            }
        }

        TLanes.Store(c00, ref c, 0);
        TLanes.Store(c01, ref c, n);
        TLanes.Store(c02, ref c, 2 * n);
        TLanes.Store(c10, ref c, cRow);
        TLanes.Store(c11, ref c, cRow + n);
        TLanes.Store(c12, ref c, cRow + (2 * n));
        TLanes.Store(c20, ref c, 2 * cRow);
        TLanes.Store(c21, ref c, (2 * cRow) + n);
        TLanes.Store(c22, ref c, (2 * cRow) + (2 * n));
        TLanes.Store(c30, ref c, 3 * cRow);
        TLanes.Store(c31, ref c, (3 * cRow) + n);
        TLanes.Store(c32, ref c, (3 * cRow) + (2 * n));
    }

    /// <summary>1 row, 3 registers of columns: 3 sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x3(in Product p, ref readonly float a, ref readonly float b, ref float c)
    {
        int aRow = p.ARow, aColumn = p.AColumn, bRow = p.BRow, cRow = p.CRow, depth = p.Depth, n = TLanes.Count;
        T c00, c01, c02;
        if (p.Adds)
        {
            c00 = TLanes.Load(in c, 0);
            c01 = TLanes.Load(in c, n);
            c02 = TLanes.Load(in c, 2 * n);
        }
        else
        {
            c00 = c01 = c02 = TLanes.Of(0);
        }

        for (int s = 0; s < p.Segments; s++)
        {
            ref readonly float a0 = ref Unsafe.Add(ref Unsafe.AsRef(in a), p.AOffset(s));
            ref readonly float bk = ref Unsafe.Add(ref Unsafe.AsRef(in b), p.BOffset(s));
            for (int k = 0, i = 0; k < depth; k++, i += aColumn)
            {
                T b0 = TLanes.Load(in bk, 0), b1 = TLanes.Load(in bk, n), b2 = TLanes.Load(in bk, 2 * n);
                T x0 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a0), i));
                c00 = TLanes.FusedMultiplyAdd(x0, b0, c00);
                c01 = TLanes.FusedMultiplyAdd(x0, b1, c01);
                c02 = TLanes.FusedMultiplyAdd(x0, b2, c02);
                bk = ref Unsafe.Add(ref Unsafe.AsRef(in bk), bRow);
            }
        }

        TLanes.Store(c00, ref c, 0);
        TLanes.Store(c01, ref c, n);
        TLanes.Store(c02, ref c, 2 * n);
    }

    /// <summary>8 rows, 1 register of columns: 8 sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(in Product p, ref readonly float a, ref readonly float b, ref float c)
    {
        int aRow = p.ARow, aColumn = p.AColumn, bRow = p.BRow, cRow = p.CRow, depth = p.Depth, n = TLanes.Count;
        T c00, c10, c20, c30, c40, c50, c60, c70;
        if (p.Adds)
        {
            c00 = TLanes.Load(in c, 0);
            c10 = TLanes.Load(in c, cRow);
            c20 = TLanes.Load(in c, 2 * cRow);
            c30 = TLanes.Load(in c, 3 * cRow);
            c40 = TLanes.Load(in c, 4 * cRow);
            c50 = TLanes.Load(in c, 5 * cRow);
            c60 = TLanes.Load(in c, 6 * cRow);
            c70 = TLanes.Load(in c, 7 * cRow);
        }
        else
        {
            c00 = TLanes.Of(0);
            c10 = TLanes.Of(0);
            c20 = TLanes.Of(0);
            c30 = TLanes.Of(0);
            c40 = TLanes.Of(0);
            c50 = TLanes.Of(0);
            c60 = TLanes.Of(0);
            c70 = TLanes.Of(0);
        }

        for (int s = 0; s < p.Segments; s++)
        {
            ref readonly float a0 = ref Unsafe.Add(ref Unsafe.AsRef(in a), p.AOffset(s));
            ref readonly float a1 = ref Unsafe.Add(ref Unsafe.AsRef(in a0), aRow);
            ref readonly float a2 = ref Unsafe.Add(ref Unsafe.AsRef(in a1), aRow);
            ref readonly float a3 = ref Unsafe.Add(ref Unsafe.AsRef(in a2), aRow);
            ref readonly float a4 = ref Unsafe.Add(ref Unsafe.AsRef(in a3), aRow);
            ref readonly float a5 = ref Unsafe.Add(ref Unsafe.AsRef(in a4), aRow);
            ref readonly float a6 = ref Unsafe.Add(ref Unsafe.AsRef(in a5), aRow);
            ref readonly float a7 = ref Unsafe.Add(ref Unsafe.AsRef(in a6), aRow);
            ref readonly float bk = ref Unsafe.Add(ref Unsafe.AsRef(in b), p.BOffset(s));
            for (int k = 0, i = 0; k < depth; k++, i += aColumn)
            {
                T b0 = TLanes.Load(in bk, 0);
                T x0 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a0), i));
                c00 = TLanes.FusedMultiplyAdd(x0, b0, c00);
                T x1 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a1), i));
                c10 = TLanes.FusedMultiplyAdd(x1, b0, c10);
                T x2 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a2), i));
                c20 = TLanes.FusedMultiplyAdd(x2, b0, c20);
                T x3 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a3), i));
                c30 = TLanes.FusedMultiplyAdd(x3, b0, c30);
                T x4 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a4), i));
                c40 = TLanes.FusedMultiplyAdd(x4, b0, c40);
                T x5 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a5), i));
                c50 = TLanes.FusedMultiplyAdd(x5, b0, c50);
                T x6 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a6), i));
                c60 = TLanes.FusedMultiplyAdd(x6, b0, c60);
                T x7 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a7), i));
                c70 = TLanes.FusedMultiplyAdd(x7, b0, c70);
                bk = ref Unsafe.Add(ref Unsafe.AsRef(in bk), bRow);
            }
        }

        TLanes.Store(c00, ref c, 0);
        TLanes.Store(c10, ref c, cRow);
        TLanes.Store(c20, ref c, 2 * cRow);
        TLanes.Store(c30, ref c, 3 * cRow);
        TLanes.Store(c40, ref c, 4 * cRow);
        TLanes.Store(c50, ref c, 5 * cRow);
        TLanes.Store(c60, ref c, 6 * cRow);
        TLanes.Store(c70, ref c, 7 * cRow);
    }

    /// <summary>1 row, 1 register of columns: 1 sums in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x1(in Product p, ref readonly float a, ref readonly float b, ref float c)
    {
        int aRow = p.ARow, aColumn = p.AColumn, bRow = p.BRow, cRow = p.CRow, depth = p.Depth, n = TLanes.Count;
        T c00;
        if (p.Adds)
        {
            c00 = TLanes.Load(in c, 0);
        }
        else
        {
            c00 = TLanes.Of(0);
        }

        for (int s = 0; s < p.Segments; s++)
        {
            ref readonly float a0 = ref Unsafe.Add(ref Unsafe.AsRef(in a), p.AOffset(s));
            ref readonly float bk = ref Unsafe.Add(ref Unsafe.AsRef(in b), p.BOffset(s));
            for (int k = 0, i = 0; k < depth; k++, i += aColumn)
            {
                T b0 = TLanes.Load(in bk, 0);
                T x0 = TLanes.Of(Unsafe.Add(ref Unsafe.AsRef(in a0), i));
                c00 = TLanes.FusedMultiplyAdd(x0, b0, c00);
                bk = ref Unsafe.Add(ref Unsafe.AsRef(in bk), bRow);
            }
        }

        TLanes.Store(c00, ref c, 0);
    }
}
