using Klar.NonLocal;
using Klar.Tests.Support;

namespace Klar.Tests.NonLocal;

/// <summary>Combinations of patches beside their formula in double precision.</summary>
[Trait("Category", "Kernel")]
public sealed class CombinationTests
{
    [Theory]
    [InlineData(1, 49)]
    [InlineData(2, 36)]
    [InlineData(16, 121)]
    [InlineData(18, 81)]
    [InlineData(55, 49)]
    [InlineData(90, 243)]
    public void The_estimate_is_that_of_the_formula(int count, int length)
    {
        const float Level = 0.5f; // the formula is applied to patches that are not centred
        int stride = Combination.PaddedTo16(length);
        float[] x = Patches(count, length, stride, seed: 1, Level), y = Patches(count, length, stride, seed: 2, Level);
        float[] noise = [.. Enumerable.Range(0, count).Select(j => length * (0.01f + (0.002f * (j % 5))))];
        (double[] expected, double[] norms) = Definition(x, y, count, length, stride, noise);

        var combination = new Combination(count, length);
        float[] mean = new float[stride], estimate = new float[count * stride];
        combination.Centre(x, count, mean);
        combination.Centre(y, count, mean);
        combination.Solve(x, count, noise, noise);
        combination.Apply(y, count, estimate);
        combination.AddToAll(mean, estimate, count);
        for (int j = 0; j < count; j++)
        {
            // The matrix, centred, has a condition of some hundreds; sums of at most 90 terms.
            Assert.Equal(norms[j], combination.Norms[j], 1e-4 * Math.Max(1, norms[j]));
            for (int i = 0; i < length; i++)
            {
                Close.Assert(expected[(j * length) + i], estimate[(j * stride) + i], 2e-5, (j * length) + i);
            }
        }

        Fingerprints.Matches($"combination of {count} by {length}", estimate);
    }

    private static float[] Patches(int count, int length, int stride, ulong seed, float level)
    {
        float[] samples = Samples.Gaussian(count * length, seed, sigma: 0.1),
            common = Samples.Gaussian(length, seed: 3, sigma: 0.3);
        float[] patches = new float[count * stride];
        for (int i = 0; i < samples.Length; i++)
        {
            patches[(i / length * stride) + (i % length)] = level + common[i % length] + samples[i];
        }

        return patches;
    }

    /// <summary>Θ = I − D (Q⁻¹ − q qᵀ / s) with Q = X Xᵀ + D; Θ Y and Σ_i Θ_ji².</summary>
    private static (double[] Estimate, double[] Norms) Definition(
        float[] x, float[] y, int count, int length, int stride, float[] noise)
    {
        double[,] q = new double[count, count];
        for (int i = 0; i < count; i++)
        {
            for (int j = 0; j < count; j++)
            {
                q[i, j] = Enumerable.Range(0, length).Sum(k => (double)x[(i * stride) + k] * x[(j * stride) + k])
                    + (i == j ? noise[i] : 0);
            }
        }

        double[,] inverse = Klar.NonLocal.Bm3d.BiorthogonalWavelet.Inverse(q);
        double[] row = [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, count).Sum(j => inverse[i, j]))];
        double sum = row.Sum();
        double[] estimate = new double[count * length], norms = new double[count];
        for (int j = 0; j < count; j++)
        {
            for (int i = 0; i < count; i++)
            {
                double theta = (i == j ? 1 : 0) - (noise[j] * (inverse[j, i] - (row[j] * row[i] / sum)));
                norms[j] += theta * theta;
                for (int k = 0; k < length; k++)
                {
                    estimate[(j * length) + k] += theta * y[(i * stride) + k];
                }
            }
        }

        return (estimate, norms);
    }
}
