using Klar.Networks;

namespace Klar.SelfSupervised.ZsN2n;

/// <summary>The loss of Zero-Shot Noise2Noise and its gradient at the network's three outputs, over one tile.</summary>
/// <remarks>
/// Mansour and Heckel, CVPR 2023, eqs. 5 to 7. With the noisy halves n_i = D_i(y), the network's outputs o_i = f(n_i)
/// and
/// o = f(y), and N numbers in a half:
/// <code>
/// p_i = n_i − o_i          d_i = D_i(y − o) = n_i − q_i          q_i = D_i(o)
/// residual     = (|n_1 − p_2|² + |n_2 − p_1|²) / 2N
/// consistency  = (|p_1 − d_1|² + |p_2 − d_2|²) / 2N,   p_i − d_i = q_i − o_i
/// ∂/∂o_1 = ((n_2 − p_1) + (o_1 − q_1)) / N             ∂/∂q_i = (q_i − o_i) / N,  shared out by D_i to o
/// </code>
/// </remarks>
internal static class ZsN2nLoss
{
    /// <summary>
    /// Fills the output gradients of the passes over D₁(y), D₂(y) and y, and returns the tile's share of Σ|·|²;
    /// divided by
    /// 2N, the shares add up to the loss.
    /// </summary>
    public static double Of(
        float[][] first, float[][] second, int halfWidth, int halfHeight, Region halfTile, StackPass onFirst,
        StackPass onSecond, StackPass onFull)
    {
        int channels = first.Length;
        float scale = 1f / ((float)halfWidth * halfHeight * channels);
        Span<float> toFirst = onFirst.OutputGradient, toSecond = onSecond.OutputGradient,
            toFull = onFull.OutputGradient;
        toFirst.Clear();
        toSecond.Clear();
        toFull.Clear();
        ReadOnlySpan<float> outFirst = onFirst.Output, outSecond = onSecond.Output, outFull = onFull.Output;
        Region halfOut = onFirst.OutputRegion, fullOut = onFull.OutputRegion, half = onFirst.GradientRegion,
            full = onFull.GradientRegion;
        int stride = onFirst.OutputStride;
        double sum = 0;
        for (int y = Math.Max(0, half.Y); y < Math.Min(halfHeight, half.Y + half.Height); y++)
        {
            for (int x = Math.Max(0, half.X); x < Math.Min(halfWidth, half.X + half.Width); x++)
            {
                int atHalf = halfOut.IndexOf(x, y) * stride;
                int gradientAt = half.IndexOf(x, y) * stride;
                ReadOnlySpan<float> upper = outFull.Slice(fullOut.IndexOf(2 * x, 2 * y) * stride, 2 * stride);
                ReadOnlySpan<float> lower = outFull.Slice(fullOut.IndexOf(2 * x, (2 * y) + 1) * stride, 2 * stride);
                bool inside = halfTile.Contains(x, y);

                // The halves' region, doubled, reaches one pixel further than the full picture's gradient is wanted.
                Span<float> toUpperLeft = Pixel(toFull, full, 2 * x, 2 * y, stride),
                    toUpperRight = Pixel(toFull, full, (2 * x) + 1, 2 * y, stride);
                Span<float> toLowerLeft = Pixel(toFull, full, 2 * x, (2 * y) + 1, stride),
                    toLowerRight = Pixel(toFull, full, (2 * x) + 1, (2 * y) + 1, stride);
                for (int c = 0; c < channels; c++)
                {
                    float n1 = first[c][(y * halfWidth) + x], n2 = second[c][(y * halfWidth) + x];
                    float o1 = outFirst[atHalf + c], o2 = outSecond[atHalf + c];
                    float q1 = 0.5f * (upper[stride + c] + lower[c]);
                    float q2 = 0.5f * (upper[c] + lower[stride + c]);
                    float residual1 = n2 - (n1 - o1), residual2 = n1 - (n2 - o2);
                    float consistency1 = q1 - o1, consistency2 = q2 - o2;

                    toFirst[gradientAt + c] = scale * (residual1 - consistency1);
                    toSecond[gradientAt + c] = scale * (residual2 - consistency2);
                    float share1 = 0.5f * scale * consistency1, share2 = 0.5f * scale * consistency2;
                    Put(toUpperRight, c, share1);
                    Put(toLowerLeft, c, share1);
                    Put(toUpperLeft, c, share2);
                    Put(toLowerRight, c, share2);
                    if (inside)
                    {
                        sum += ((double)residual1 * residual1) + ((double)residual2 * residual2)
                            + ((double)consistency1 * consistency1) + ((double)consistency2 * consistency2);
                    }
                }
            }
        }

        return sum;
    }

    /// <summary>A pixel's numbers, or none where it lies outside the region.</summary>
    private static Span<float> Pixel(Span<float> gradient, Region region, int x, int y, int stride) =>
        region.Contains(x, y) ? gradient.Slice(region.IndexOf(x, y) * stride, stride) : [];

    private static void Put(Span<float> pixel, int channel, float value)
    {
        if (channel < pixel.Length)
        {
            pixel[channel] = value;
        }
    }
}
