using Klar.NonLocal;
using Klar.NonLocal.Bm3d;
using Klar.Tests.Support;

namespace Klar.Tests.NonLocal;

public sealed class PatchTransformTests
{
    [Fact]
    public void The_wavelet_is_that_of_PyWavelets()
    {
        double[,] matrix = BiorthogonalWavelet.Analysis(8);
        Golden.Matches(Golden.Floats("bm3d_bior1.5"), Floats(matrix), 1e-6, "analysis");
        Golden.Matches(
            Golden.Floats("bm3d_bior1.5_inverse"), Floats(BiorthogonalWavelet.Inverse(matrix)), 1e-6, "synthesis");
    }

    [Fact]
    public void The_window_is_Kaisers() =>
        Golden.Matches(Golden.Floats("bm3d_kaiser_beta2"), KaiserWindow.Of(8), 1e-6, "beta 2");

    [Theory]
    [InlineData(8)]
    [InlineData(11)]
    public void The_cosine_transform_keeps_energy_and_comes_back(int side) =>
        ThereAndBack(PatchTransform.Cosine(side), keepsEnergy: true);

    [Fact]
    public void The_wavelet_comes_back() => ThereAndBack(PatchTransform.Wavelet(), keepsEnergy: false);

    [Fact]
    public void Colours_come_back_and_luminance_has_the_least_noise()
    {
        float[][] rgb = [Samples.Gaussian(50, 1), Samples.Gaussian(50, 2), Samples.Gaussian(50, 3)];
        float[][] back = OpponentColours.ToRgb(OpponentColours.FromRgb(rgb));
        for (int c = 0; c < 3; c++)
        {
            Golden.Matches(rgb[c], back[c], 2e-6, "there and back"); // six products of numbers up to 4
        }

        float[] sigmas = OpponentColours.Sigmas([1, 1, 1]);
        Assert.Equal(1 / Math.Sqrt(3), sigmas[0], 1e-6);
        Assert.Equal(Math.Sqrt(0.5), sigmas[1], 1e-6);
        Assert.Equal(Math.Sqrt(0.375), sigmas[2], 1e-6);
    }

    private static void ThereAndBack(PatchTransform transform, bool keepsEnergy)
    {
        const int Count = 5;
        float[] patches = new float[Count * transform.Stride], spectrum = new float[patches.Length],
            back = new float[patches.Length];
        for (int i = 0; i < Count; i++)
        {
            Samples.Gaussian(transform.Length, (ulong)i).CopyTo(patches, i * transform.Stride);
        }

        transform.Forward(patches, Count, spectrum);
        transform.Inverse(spectrum, Count, back);
        Golden.Matches(patches, back, 2e-5, "there and back"); // sums of 121 terms of size 1, twice
        if (keepsEnergy)
        {
            Assert.Equal(patches.Sum(static x => (double)x * x), spectrum.Sum(static x => (double)x * x), 1e-3);
        }
    }

    private static float[] Floats(double[,] matrix) => [.. matrix.Cast<double>().Select(static value => (float)value)];
}
