namespace Klar.SelfSupervised.ZsN2n;

/// <summary>
/// The two half-size pictures of a picture: of every 2 × 2 cell, D₁ takes the mean of one diagonal and D₂ that of the
/// other. An odd last row or column takes no part.
/// </summary>
internal static class PairDownsampler
{
    /// <summary>D₁ = (y₀₁ + y₁₀) / 2 and D₂ = (y₀₀ + y₁₁) / 2 of a plane, each (height / 2) × (width / 2).</summary>
    public static (float[] First, float[] Second) Of(ReadOnlySpan<float> plane, int width, int height)
    {
        int halfWidth = width / 2;
        int halfHeight = height / 2;
        float[] first = new float[halfWidth * halfHeight];
        float[] second = new float[halfWidth * halfHeight];
        for (int y = 0; y < halfHeight; y++)
        {
            ReadOnlySpan<float> top = plane.Slice(2 * y * width, width);
            ReadOnlySpan<float> bottom = plane.Slice(((2 * y) + 1) * width, width);
            for (int x = 0; x < halfWidth; x++)
            {
                int i = (y * halfWidth) + x;
                first[i] = 0.5f * (top[(2 * x) + 1] + bottom[2 * x]);
                second[i] = 0.5f * (top[2 * x] + bottom[(2 * x) + 1]);
            }
        }

        return (first, second);
    }
}
