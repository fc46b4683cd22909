using Klar.Numerics;
using Klar.Tests.Support;

namespace Klar.Tests.Numerics;

/// <summary>
/// The kernels of the patch methods beside their definitions, on fenced memory, with the same bits at every width.
/// </summary>
[Trait("Category", "Kernel")]
public sealed class PatchKernelTests
{
    public static TheoryData<int> Sides => [4, 5, 6, 7, 8, 9, 11, 13, 16, 17];

    public static TheoryData<int> Sizes => [1, 2, 7, 8, 9, 15, 16, 17, 24, 31, 64, 90];

    [Theory]
    [MemberData(nameof(Sides))]
    public void A_patch_goes_out_and_its_weighted_sums_come_back(int side)
    {
        int width = side + 3;
        using FencedBuffer image = new(Samples.Gaussian(((side - 1) * width) + side, seed: 1)),
            patch = new(side * side);
        PatchRows.Gather(image.Span, width, side, patch.Span);
        for (int i = 0; i < side * side; i++)
        {
            Assert.Equal(image.Span[(i / side * width) + (i % side)], patch.Span[i]);
        }

        using FencedBuffer sum = new(image.Span.ToArray()), total = new(image.Span.Length),
            weights = new(Samples.Gaussian(side * side, seed: 2));
        PatchRows.Scatter(patch.Span, weights.Span, 1.5f, side, sum.Span, total.Span, width);
        for (int i = 0; i < sum.Span.Length; i++)
        {
            (int x, int y) = (i % width, i / width);
            double weight = x < side ? 1.5f * weights.Span[(y * side) + x] : 0;
            double sample = image.Span[i];

            // The weight is rounded once and the sum once, of numbers of at most 4 · 6.
            Close.Assert(
                sample + (weight * sample), sum.Span[i], 1.2e-7 * (Math.Abs(sample) + Math.Abs(weight * sample)), i);
            Close.Assert(weight, total.Span[i], 1.2e-7 * Math.Abs(weight), i);
        }

        Fingerprints.Matches($"scatter of patches, side {side}", sum.Span);
    }

    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 16)]
    [InlineData(8, 48)]
    [InlineData(32, 64)]
    public void Haar_along_a_group_is_orthonormal_and_has_the_mean_first(int count, int stride)
    {
        float[] group = Samples.Gaussian(count * stride, seed: 4);
        using FencedBuffer spectrum = new(group), scratch = new(group.Length);
        GroupHaar.Forward(spectrum.Span, count, stride, scratch.Span);
        for (int i = 0; i < stride; i++)
        {
            double mean = Enumerable.Range(0, count).Sum(k => (double)group[(k * stride) + i]) / Math.Sqrt(count);
            Close.Assert(mean, spectrum.Span[i], 1e-6 * count, i); // five rounded steps
            double energy = 0, kept = 0;
            for (int k = 0; k < count; k++)
            {
                energy += (double)group[(k * stride) + i] * group[(k * stride) + i];
                kept += (double)spectrum.Span[(k * stride) + i] * spectrum.Span[(k * stride) + i];
            }

            Assert.Equal(energy, kept, 1e-5 * energy);
        }

        Fingerprints.Matches($"haar of {count}", spectrum.Span);
        GroupHaar.Inverse(spectrum.Span, count, stride, scratch.Span);
        Golden.Matches(group, spectrum.Span, 2e-6, "there and back"); // ten rounded steps of numbers up to 4
    }

    [Theory]
    [InlineData(16)]
    [InlineData(48)]
    public void Hard_threshold_and_Wiener_gain_follow_their_formulas(int length)
    {
        float[] values = Samples.Gaussian(3 * length, seed: 5);
        using FencedBuffer hard = new(values),
            thresholds = new(Enumerable.Range(0, length).Select(static i => 0.1f * i).ToArray());
        int kept = Shrinkage.Hard(hard.Span, thresholds.Span);
        Assert.Equal(Enumerable.Range(0, values.Length).Count(i => Math.Abs(values[i]) > 0.1f * (i % length)), kept);
        for (int i = 0; i < values.Length; i++)
        {
            Assert.Equal(Math.Abs(values[i]) > 0.1f * (i % length) ? values[i] : 0, hard.Span[i]);
        }

        float[] pilot = Samples.Gaussian(3 * length, seed: 6);
        using FencedBuffer wiener = new(values), pilots = new(pilot),
            variances = new(Enumerable.Range(0, length).Select(static i => 0.05f + (0.01f * i)).ToArray());
        float noise = Shrinkage.Wiener(wiener.Span, pilots.Span, variances.Span);
        double expected = 0;
        for (int i = 0; i < values.Length; i++)
        {
            double energy = (double)pilot[i] * pilot[i], variance = variances.Span[i % length];
            double gain = energy / (energy + variance);
            expected += variance * gain * gain;
            Close.Assert(gain * values[i], wiener.Span[i], 4e-7 * Math.Abs(values[i]), i); // four roundings
        }

        Assert.Equal(expected, noise, 1e-5 * expected);
        Fingerprints.Matches($"wiener gain {length}", [.. wiener.Span, noise]);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void The_inverse_times_the_matrix_is_the_identity(int size)
    {
        int stride = (size + 15) / 16 * 16;
        float[] matrix = Definite(size, stride);
        using FencedBuffer inverse = new(matrix), scratch = new(SymmetricInverse.ScratchLength(size));
        SymmetricInverse.Invert(inverse.Span, size, stride, scratch.Span);
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < stride; j++)
            {
                if (j >= size)
                {
                    Assert.Equal(0, inverse.Span[(i * stride) + j]);
                    continue;
                }

                double product = 0;
                for (int k = 0; k < size; k++)
                {
                    product += (double)matrix[(i * stride) + k] * inverse.Span[(k * stride) + j];
                }

                // Eigenvalues lie between 0.5 and about 4: errors of some units of the last place, a few times
                // enlarged.
                Close.Assert(i == j ? 1 : 0, (float)product, 2e-5, (i * stride) + j);
            }
        }

        Fingerprints.Matches($"inverse of {size}", inverse.Span);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(100)]
    [InlineData(101)]
    public void The_smallest_and_the_median_are_those_of_the_sorted(int count)
    {
        // with ties
        float[] numbers = Array.ConvertAll(Samples.Gaussian(count, seed: (ulong)count), static x => MathF.Round(4 * x));
        float[] sorted = [.. numbers.Order()];
        for (int take = 0; take <= count; take++)
        {
            float[] some = [.. numbers];
            Selection.Smallest(some.AsSpan(), take);
            Assert.Equal(sorted[..take], some[..take].Order());
        }

        Assert.Equal((sorted[(count - 1) / 2] + sorted[count / 2]) / 2, Selection.Median([.. numbers]));
    }

    [Fact]
    public void The_quick_noise_level_is_that_of_scikit_image()
    {
        foreach (System.Text.Json.JsonElement entry in Golden.Values.GetProperty("noise_level").EnumerateArray())
        {
            float[] samples = Golden.Floats(entry.GetProperty("file").GetString()!);
            double expected = entry.GetProperty("skimage_estimate_sigma_255").GetDouble();

            // The same wavelet and rule; scikit-image also has coefficients at the border, 2 % of all.
            Assert.Equal(expected, 255 * DiagonalDetail.Sigma(samples, 256, 192), 0.005 * expected);
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 9)]
    public void There_is_no_noise_level_below_five_pixels(int width, int height) =>
        Assert.Equal(0, DiagonalDetail.Sigma(Samples.Gaussian(width * height, seed: 1), width, height));

    /// <summary>I/2 and the products of random rows.</summary>
    private static float[] Definite(int size, int stride)
    {
        float[] rows = Samples.Gaussian(size * size, seed: 8, sigma: 1 / Math.Sqrt(size));
        float[] matrix = new float[size * stride];
        for (int i = 0; i < size; i++)
        {
            for (int j = 0; j < size; j++)
            {
                double sum = i == j ? 0.5 : 0;
                for (int k = 0; k < size; k++)
                {
                    sum += (double)rows[(i * size) + k] * rows[(j * size) + k];
                }

                matrix[(i * stride) + j] = (float)sum;
            }
        }

        return matrix;
    }
}
