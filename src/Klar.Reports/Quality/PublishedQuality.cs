namespace Klar.Reports.Quality;

/// <summary>
/// PSNR that others have published on the same images with unclipped Gaussian noise of known level, in dB.
/// </summary>
public static class PublishedQuality
{
    /// <summary>The set of those who leave out the most copied picture of Set12.</summary>
    internal const string WithoutLena = "set12 without 08";

    private static readonly Dictionary<(string Set, string Noise, string Method), Published> Tables = new()
    {
        // BM3D: Zhang et al., IEEE Trans. Image Processing 26(7), 2017, table II. NL-Ridge: Herbreteau and Kervrann,
        // SIAM J. Imaging Sciences 18(1), 2025. LIChI: the authors' program on another draw of the noise. ZS-N2N:
        // re-run by others, best step.
        [("set12", "gaussian:15", "bm3d")] =
            new(32.37, "31.91 34.93 32.69 31.14 31.85 31.07 31.37 34.26 33.10 32.13 31.92 32.10"),
        [("set12", "gaussian:25", "bm3d")] =
            new(29.97, "29.45 32.85 30.16 28.56 29.25 28.42 28.93 32.07 30.71 29.90 29.61 29.71"),
        [("set12", "gaussian:50", "bm3d")] =
            new(26.72, "26.13 29.69 26.68 25.04 25.82 25.10 25.90 29.05 27.22 26.78 26.81 26.46"),
        [("set12", "gaussian:15", "nl-ridge")] = new(32.46),
        [("set12", "gaussian:25", "nl-ridge")] = new(30.00),
        [("set12", "gaussian:50", "nl-ridge")] = new(26.73),
        [(WithoutLena, "gaussian:15", "zs-n2n")] = new(30.01),
        [(WithoutLena, "gaussian:25", "zs-n2n")] = new(27.18),
        [(WithoutLena, "gaussian:50", "zs-n2n")] = new(23.52),
        [("set12", "gaussian:25", "lichi")] =
            new(30.25, "29.78 33.28 30.46 29.17 29.88 28.77 29.11 32.16 30.99 29.93 29.75 29.71"),
    };

    /// <summary>The published numbers for a method on a set, or null.</summary>
    public static Published? Find(string set, string noise, string method) =>
        Tables.GetValueOrDefault((set, noise, method));

    /// <summary>A published line.</summary>
    public sealed class Published
    {
        internal Published(double mean, string images = "") =>
            (Mean, Images) = (mean, [.. images.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(
                static text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture))]);

        /// <summary>The mean over the set.</summary>
        public double Mean { get; }

        /// <summary>Image by image in the order of their names, or empty.</summary>
        public IReadOnlyList<double> Images { get; }
    }
}
