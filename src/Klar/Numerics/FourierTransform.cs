using System.Numerics;

namespace Klar.Numerics;

/// <summary>The discrete Fourier transform of squares whose side is a power of two.</summary>
internal static class FourierTransform
{
    /// <summary>X_uv = Σ x_yx e^(−2πi (ux + vy) / side), in place.</summary>
    public static void Square(Complex[] values, int side)
    {
        if (!BitOperations.IsPow2(side) || values.Length != side * side)
        {
            throw new ArgumentException(
                $"{values.Length} values are no square whose side {side} is a power of two.", nameof(values));
        }

        Complex[] turns = [.. Enumerable.Range(0, Math.Max(1, side / 2)).Select(
            i => new Complex(Elementary.CosPi(2.0 * i / side), -Elementary.CosPi((2.0 * i / side) - 0.5)))];
        var column = new Complex[side];
        for (int y = 0; y < side; y++)
        {
            Line(values.AsSpan(y * side, side), turns);
        }

        for (int x = 0; x < side; x++)
        {
            for (int y = 0; y < side; y++)
            {
                column[y] = values[(y * side) + x];
            }

            Line(column, turns);
            for (int y = 0; y < side; y++)
            {
                values[(y * side) + x] = column[y];
            }
        }
    }

    /// <summary>Cooley and Tukey's: bits reversed, then butterflies.</summary>
    private static void Line(Span<Complex> line, Complex[] turns)
    {
        for (int i = 1, j = 0; i < line.Length; i++)
        {
            int bit = line.Length >> 1;
            for (; (j & bit) != 0; bit >>= 1)
            {
                j ^= bit;
            }

            j |= bit;
            if (i < j)
            {
                (line[i], line[j]) = (line[j], line[i]);
            }
        }

        for (int half = 1; half < line.Length; half *= 2)
        {
            int stride = line.Length / (2 * half);
            for (int from = 0; from < line.Length; from += 2 * half)
            {
                for (int i = 0; i < half; i++)
                {
                    Complex even = line[from + i], odd = line[from + i + half] * turns[i * stride];
                    (line[from + i], line[from + i + half]) = (even + odd, even - odd);
                }
            }
        }
    }
}
