using Klar.Imaging;
using Klar.Tests.Support;

namespace Klar.Tests;

public sealed class MaskTests
{
    [Fact]
    public void A_mask_of_non_finite_samples_counts_and_names_them()
    {
        float[] samples = [0, float.NaN, 2, float.PositiveInfinity, 4, 5];
        Mask mask = Mask.OfNonFinite(Plane.From(3, 2, samples))!;
        Assert.Equal((3, 2, 2), (mask.Width, mask.Height, mask.Count));
        Assert.Equal([false, true, false, true, false, false], Enumerable.Range(0, 6).Select(i => mask[i]));
        Assert.Null(Mask.OfNonFinite(Plane.From(1, 1, [1])));
    }

    [Theory]
    [InlineData(7, 5, 0.3, 1)]
    [InlineData(12, 9, 0.1, 2)]
    [InlineData(1, 8, 0.5, 3)]
    [InlineData(9, 1, 0.4, 4)]
    [InlineData(6, 6, 1.0, 5)]
    [InlineData(6, 6, 0.0, 6)]
    public void The_largest_free_rectangle_is_that_of_trying_all(int width, int height, double share, ulong seed)
    {
        Mask mask = Random(width, height, share, seed);
        int largest = 0;
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                for (int h = 1; y + h <= height; h++)
                {
                    for (int w = 1; x + w <= width; w++)
                    {
                        largest = IsFree(mask, x, y, w, h) ? Math.Max(largest, w * h) : largest;
                    }
                }
            }
        }

        (int X, int Y, int Width, int Height) found = mask.LargestFree();
        Assert.Equal(largest, found.Width * found.Height);
        Assert.True(IsFree(mask, found.X, found.Y, found.Width, found.Height));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 9)]
    [InlineData(37, 23)]
    [InlineData(64, 64)]
    public void Filling_keeps_valid_samples_and_stays_within_their_range(int width, int height)
    {
        Mask mask = Random(width, height, 0.6, seed: 7);
        float[] samples = Samples.Gaussian(width * height, seed: 8);
        float[] valid = [.. samples.Where((_, i) => !mask[i])];
        for (int i = 0; i < samples.Length; i++)
        {
            samples[i] = mask[i] ? float.NaN : samples[i];
        }

        ReadOnlySpan<float> filled = MaskFill.Filled(Plane.From(width, height, samples), mask).Samples;
        for (int i = 0; i < samples.Length; i++)
        {
            Assert.True(mask[i] || filled[i].Equals(samples[i]));
            Assert.InRange(filled[i], valid.DefaultIfEmpty(0).Min() - 1e-6f, valid.DefaultIfEmpty(0).Max() + 1e-6f);
        }
    }

    [Fact]
    public void A_hole_in_a_ramp_is_filled_with_the_ramp()
    {
        // Rising by 0.01 a pixel; the hole is 20 wide, and a smooth filling is off by no more than a few pixels' rise.
        Plane ramp = Plane.From(80, 60, [.. Enumerable.Range(0, 80 * 60).Select(static i => 0.01f * (i % 80))]);
        bool[] hole = [.. Enumerable.Range(0, 80 * 60).Select(static i => i % 80 is >= 30 and < 50 && i / 80 is >= 20 and < 40)];
        Plane filled = MaskFill.Filled(ramp, new Mask(80, 60, hole));
        double worst = 0, jump = 0;
        for (int y = 20; y < 40; y++)
        {
            for (int x = 30; x < 50; x++)
            {
                worst = Math.Max(worst, Math.Abs(filled.Row(y)[x] - ramp.Row(y)[x]));
                jump = Math.Max(jump, Math.Abs(filled.Row(y)[x] - filled.Row(y)[x - 1]));
            }
        }

        Assert.InRange(worst, 0, 0.06);
        Assert.InRange(jump, 0, 0.04);
    }

    [Fact]
    public void Without_a_valid_sample_the_filling_is_zero() =>
        Assert.All(MaskFill.Filled(Plane.From(5, 3, Enumerable.Repeat(float.NaN, 15).ToArray()), Random(5, 3, 1, seed: 1)).Samples.ToArray(), static sample => Assert.Equal(0, sample));

    private static bool IsFree(Mask mask, int x, int y, int width, int height) =>
        Enumerable.Range(0, width * height).All(i => !mask[((y + (i / width)) * mask.Width) + x + (i % width)]);

    private static Mask Random(int width, int height, double share, ulong seed)
    {
        var random = new Klar.Numerics.CounterRandom(seed, Klar.Numerics.RandomStream.DemoPicture);
        return new Mask(width, height, [.. Enumerable.Range(0, width * height).Select(i => random.Uniform((ulong)i) < share)]);
    }
}
