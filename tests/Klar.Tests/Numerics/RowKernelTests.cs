using Klar.Numerics;
using Klar.Tests.Support;

namespace Klar.Tests.Numerics;

/// <summary>
/// Kernels on rows: against their definition in double precision, at every length from 0 to three registers of 16
/// lanes and a tail, on memory that ends at an unreadable page, and with the same bits at every register width
/// (fingerprints).
/// </summary>
[Trait("Category", "Kernel")]
public sealed class RowKernelTests
{
    private const int Longest = (3 * 16) + 2;

    public static TheoryData<int> Lengths => [.. Enumerable.Range(0, Longest + 1)];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Correlation_along_a_row(int length)
    {
        float[] taps = Samples.Gaussian(4, seed: 1);
        using FencedBuffer row = new(Samples.Gaussian(length + 6, seed: 2)), to = new(length);

        Correlation.AlongRow(row.Span, taps, to.Span);

        for (int i = 0; i < length; i++)
        {
            double sum = 0, magnitude = 0;
            for (int k = -3; k <= 3; k++)
            {
                double term = (double)taps[Math.Abs(k)] * row.Span[i + 3 + k];
                (sum, magnitude) = (sum + term, magnitude + Math.Abs(term));
            }

            // Four fused steps and three sums of pairs: at most 7 half-units of the last place of the partial sums.
            Close.Assert(sum, to.Span[i], 7 * 6e-8 * magnitude, i);
        }

        Fingerprint("correlation along a row", length, to.Span);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Correlation_across_rows(int length)
    {
        float[] taps = Samples.Gaussian(3, seed: 1);
        using FencedBuffer rows = new(Samples.Gaussian(5 * length, seed: 2)), to = new(length);
        int[] offsets = [3 * length, 0, 4 * length, length, 2 * length];

        Correlation.AcrossRows(rows.Span, offsets, taps, to.Span);

        for (int i = 0; i < length; i++)
        {
            double sum = 0, magnitude = 0;
            for (int k = -2; k <= 2; k++)
            {
                double term = (double)taps[Math.Abs(k)] * rows.Span[offsets[k + 2] + i];
                (sum, magnitude) = (sum + term, magnitude + Math.Abs(term));
            }

            Close.Assert(sum, to.Span[i], 5 * 6e-8 * magnitude, i);
        }

        Fingerprint("correlation across rows", length, to.Span);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Median_of_nine_is_the_middle_one(int length)
    {
        int stride = length + 2;
        using FencedBuffer rows = new(Samples.Gaussian(3 * stride, seed: 3)), to = new(length);
        int[] offsets = [0, stride, 2 * stride];

        MedianNetwork.Median3x3(rows.Span, offsets, to.Span);

        for (int i = 0; i < length; i++)
        {
            var window = new List<float>();
            foreach (int offset in offsets)
            {
                window.AddRange(rows.Span.Slice(offset + i, 3));
            }

            Assert.Equal(window.Order().ElementAt(4), to.Span[i]);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Median_of_twentyfive_is_the_middle_one(int length)
    {
        int stride = length + 4;
        using FencedBuffer rows = new(Samples.Gaussian(5 * stride, seed: 4)), sorted = new(5 * stride),
            to = new(length);
        int[] offsets = [0, stride, 2 * stride, 3 * stride, 4 * stride];

        MedianNetwork.SortColumns5(rows.Span, offsets, stride, sorted.Span, stride);
        MedianNetwork.Median5x5(sorted.Span, stride, to.Span);

        for (int i = 0; i < length; i++)
        {
            var window = new List<float>();
            foreach (int offset in offsets)
            {
                window.AddRange(rows.Span.Slice(offset + i, 5));
            }

            Assert.Equal(window.Order().ElementAt(12), to.Span[i]);
        }
    }

    [Fact]
    public void Median_of_twentyfive_holds_for_every_pattern_of_column_heights()
    {
        // The 0-1 principle: a network that is right for all zeros and ones is right for all values. After the
        // columns are sorted only how many ones each column has matters: 6^5 windows.
        const int Windows = 7776;
        float[] row = new float[Windows * 5];
        float[] rows = new float[5 * row.Length];
        for (int w = 0; w < Windows; w++)
        {
            for (int column = 0, code = w; column < 5; column++, code /= 6)
            {
                for (int r = 0; r < code % 6; r++)
                {
                    rows[(r * row.Length) + (w * 5) + column] = 1;
                }
            }
        }

        float[] sorted = new float[rows.Length];
        float[] to = new float[row.Length - 4];
        MedianNetwork.SortColumns5(
            rows, [0, row.Length, 2 * row.Length, 3 * row.Length, 4 * row.Length], row.Length, sorted, row.Length);
        MedianNetwork.Median5x5(sorted, row.Length, to);
        for (int w = 0; w < Windows; w++)
        {
            int ones = 0;
            for (int column = 0, code = w; column < 5; column++, code /= 6)
            {
                ones += code % 6;
            }

            Assert.Equal(ones >= 13 ? 1f : 0f, to[w * 5]);
        }
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Bilateral_mean(int length)
    {
        const float Falloff = 3;
        int stride = length + 2;
        float[] spatial = [0.2f, 0.5f, 0.2f, 0.5f, 1, 0.5f, 0.2f, 0.5f, 0.2f];
        using FencedBuffer rows = new(Samples.Gaussian(3 * stride, seed: 5)), to = new(length);
        int[] offsets = [0, stride, 2 * stride];

        LaneKernel.Run(new BilateralKernel(rows.Span, offsets, spatial, Falloff, to.Span), length);

        for (int i = 0; i < length; i++)
        {
            double centre = rows.Span[stride + 1 + i], weights = 0, sum = 0;
            for (int k = 0; k < 9; k++)
            {
                double d = rows.Span[offsets[k / 3] + i + (k % 3)] - centre;
                double weight = spatial[k] * Math.Exp(-d * d * Falloff);
                (weights, sum) = (weights + weight, sum + (weight * d));
            }

            // The exponent is rounded to 6e-8 of itself, up to about 40 here, but only weights near 1 count: 2e-6 of
            // their sum.
            Close.Assert(centre + (sum / weights), to.Span[i], 4e-6, i);
        }

        Fingerprint("bilateral", length, to.Span);
    }

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Sum_of_rows(int length)
    {
        float[] before = Samples.Gaussian(length, seed: 6);
        using FencedBuffer from = new(Samples.Gaussian(length, seed: 7)), to = new(before);

        Pixelwise.Add(from.Span, to.Span);

        for (int i = 0; i < length; i++)
        {
            Assert.Equal(before[i] + from.Span[i], to.Span[i]);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(31)]
    public void Window_sums_are_sums_of_their_windows(int size)
    {
        double[] columns = [.. Samples.Gaussian(60, seed: 8)];
        double[] to = new double[60 - size + 1];
        DoubleRows.WindowSums((double[])columns.Clone(), 60 - to.Length + 1, to);
        for (int i = 0; i < to.Length; i++)
        {
            Assert.Equal(columns[i..(i + size)].Sum(), to[i], 1e-12);
        }
    }

    [Fact]
    public void Exponential_of_single_precision()
    {
        for (float x = 0; x > -87; x -= 0.01f)
        {
            Assert.Equal(1, ExponentialOf<float, Lane>.NotPositive(x) / Math.Exp(x), 2.5e-7);
        }
    }

    private static void Fingerprint(string kernel, int length, ReadOnlySpan<float> result)
    {
        if (length == Longest)
        {
            Fingerprints.Matches(kernel, result);
        }
    }
}
