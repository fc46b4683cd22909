using Klar.Tests.Support;

namespace Klar.Tests.Filters;

/// <summary>The classical filters beside SciPy's, which computes in double precision.</summary>
public sealed class FilterGoldenTests
{
    private const int Width = 96;
    private const int Height = 80;

    // Results are floats near 1: half a unit of the last place is 3e-8, and the float kernels sum some tens of terms.
    private const double OneRounding = 6e-8;
    private const double SomeTens = 1e-6;

    [Theory]
    [InlineData(3, "filters_median3")]
    [InlineData(5, "filters_median5")]
    public void Median_picks_the_same_sample_as_SciPy(int size, string golden) =>
        Matches(golden, new MedianFilter(new MedianOptions { Size = size }), absolute: 0);

    [Theory]
    [InlineData(3, "filters_mean3")]
    [InlineData(5, "filters_mean5")]
    public void Mean_matches_SciPy(int size, string golden) =>
        Matches(golden, new MeanFilter(new MeanOptions { Size = size }), OneRounding);

    [Theory]
    [InlineData(1.0, "filters_gaussian1.0")]
    [InlineData(2.5, "filters_gaussian2.5")]
    public void Gaussian_matches_SciPy(double sigma, string golden) =>
        Matches(golden, new GaussianFilter(new GaussianOptions { Sigma = (float)sigma }), SomeTens);

    [Fact]
    public void Bilateral_matches_its_definition_in_NumPy() =>
        Matches(
            "filters_bilateral_spatial2_range0.2",
            new BilateralFilter(new BilateralOptions { SigmaSpace = 2, SigmaRange = 0.2f }), SomeTens);

    [Theory]
    [InlineData(3, Border.Zero, "filters_wiener3_zero_padded")]
    [InlineData(5, Border.Zero, "filters_wiener5_zero_padded")]
    [InlineData(3, Border.Mirror, "filters_wiener3_reflect")]
    [InlineData(5, Border.Mirror, "filters_wiener5_reflect")]
    public void Wiener_matches_SciPy(int size, Border border, string golden) =>
        Matches(golden, new WienerFilter(new WienerOptions { Size = size, Border = border }), SomeTens);

    [Fact]
    public void Wiener_with_known_noise_matches_its_definition() =>
        Matches(
            "filters_wiener5_reflect_known_noise", new WienerFilter(new WienerOptions { Size = 5, Sigma = 25 / 255f }),
            SomeTens);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(9)]
    [InlineData(21)]
    public void Median_of_any_window_is_the_middle_of_its_sorted_samples(int size)
    {
        Plane noisy = Golden.Plane("filters_noisy", Width, Height).Crop(3, 5, 37, 41);
        Plane actual = new MedianFilter(new MedianOptions { Size = size }).Denoise(new Image(noisy)).Image.Planes[0];
        int r = size / 2;
        for (int y = 0; y < noisy.Height; y++)
        {
            for (int x = 0; x < noisy.Width; x++)
            {
                var window = new List<float>();
                for (int i = 0; i < size * size; i++)
                {
                    int row = BorderIndex.Mirror(y - r + (i / size), noisy.Height);
                    window.Add(noisy.Row(row)[BorderIndex.Mirror(x - r + (i % size), noisy.Width)]);
                }

                window.Sort();
                Assert.Equal(window[size * size / 2], actual.Row(y)[x]);
            }
        }
    }

    [Fact]
    public void Bilateral_with_a_wide_range_is_a_Gaussian_in_its_window()
    {
        Plane noisy = Golden.Plane("filters_noisy", Width, Height);
        Image actual = new BilateralFilter(
            new BilateralOptions { SigmaSpace = 1, SigmaRange = 1e4f, Radius = 4 }).Denoise(new Image(noisy)).Image;
        Image blurred = new GaussianFilter(new GaussianOptions { Sigma = 1 }).Denoise(new Image(noisy)).Image;
        Golden.Matches(blurred.Planes[0].Samples, actual.Planes[0].Samples, SomeTens, "bilateral with σ_r = 10⁴");
    }

    private static void Matches(string golden, IDenoiser filter, double absolute)
    {
        Plane noisy = Golden.Plane("filters_noisy", Width, Height);
        Image result = filter.Denoise(new Image(noisy)).Image;
        Golden.Matches(Golden.Floats(golden), result.Planes[0].Samples, absolute, golden);
    }
}
