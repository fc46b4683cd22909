using System.Globalization;
using Klar.Reports.Quality;

namespace Klar.Reports.Numbers;

/// <summary>What <c>klar bench</c> has measured, from the CSV files of <c>benchmarks/</c>.</summary>
internal sealed class BenchmarkFolder(string folder)
{
    /// <summary>Where times were measured.</summary>
    public const string Machine = "AMD-EPYC-Zen5-2-cores";

    private readonly Dictionary<string, IReadOnlyList<QualityRow>> _quality = [];

    /// <summary>The mean PSNR of a method over the images of a set, or null where it was not measured.</summary>
    /// <param name="file">The file in <c>quality/</c>, without its ending.</param>
    /// <param name="set">The set.</param>
    /// <param name="noise">The noise.</param>
    /// <param name="method">The method.</param>
    public double? Psnr(string file, string set, string noise, string method)
    {
        // Of each image first: seeds are not images, and there may be more of them for some.
        double[] images =
        [
            .. Rows(file).Where(row => (row.Set, row.Noise, row.Method) == (set, noise, method))
                .Where(static row => row.Channels == "joint")
                .GroupBy(static row => row.Image)
                .Select(static image => image.Average(static row => row.Psnr ?? double.PositiveInfinity)),
        ];
        return images.Length == 0 ? null : images.Average();
    }

    /// <summary>How many images of a set were measured.</summary>
    public int Images(string file, string set, string noise) =>
        Rows(file).Where(row => (row.Set, row.Noise) == (set, noise))
            .Select(static row => row.Image).Distinct().Count();

    /// <summary>The lines of any CSV file below the folder, by the names of its columns.</summary>
    public IReadOnlyList<IReadOnlyDictionary<string, string>> Lines(string file)
    {
        string[] lines = File.ReadAllLines(Path.Combine(folder, file));
        string[] names = lines[0].Split(',');
        return
        [
            .. lines.Skip(1).Where(static line => line.Length > 0)
                .Select(line => names.Zip(line.Split(','))
                    .ToDictionary(static cell => cell.First, static cell => cell.Second)),
        ];
    }

    /// <summary>The number in a cell.</summary>
    public static double Number(IReadOnlyDictionary<string, string> line, string column) =>
        double.Parse(line[column], CultureInfo.InvariantCulture);

    private IReadOnlyList<QualityRow> Rows(string file)
    {
        if (!_quality.TryGetValue(file, out IReadOnlyList<QualityRow>? rows))
        {
            string path = Path.Combine(folder, file + ".csv");
            rows = [.. File.ReadLines(path).Skip(1).Where(static line => line.Length > 0).Select(QualityRow.Parse)];
            _quality.Add(file, rows);
        }

        return rows;
    }
}
