using Klar.Catalogue;
using Klar.Formats;
using Klar.Reports.Quality;

namespace Klar.Reports.Tests.Quality;

public sealed class QualityTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("klar-quality-").FullName;

    public QualityTests()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "clean", "two"));
        ImageFile.Write(Path.Combine(_folder, "clean", "two", "a.png"), DemoPicture.Create(32, 1), SampleType.UInt8);
        ImageFile.Write(Path.Combine(_folder, "clean", "two", "b.png"), DemoPicture.Create(32, 2), SampleType.UInt8);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void There_is_a_row_for_each_image_noise_and_method()
    {
        QualityRow[] rows = [.. Run().Rows(new HashSet<string>())];
        Assert.Equal(2 * 2 * 2, rows.Length);
        Assert.Equal(8, rows.Select(static row => row.Key).Distinct().Count());
        Assert.All(rows, static row => Assert.True(row.Psnr > 15));
    }

    [Fact]
    public void Known_rows_are_not_measured_again()
    {
        QualityRow[] rows = [.. Run().Rows(new HashSet<string>())];
        QualityRow missing =
            Assert.Single(Run().Rows(rows.Select(static row => row.Key).Where(key => key != rows[3].Key).ToHashSet()));
        Assert.Equal(rows[3] with { Seconds = 0 }, missing with { Seconds = 0 });
    }

    [Fact]
    public void A_line_comes_back_as_the_row_that_it_was()
    {
        var row = new QualityRow("set12", "01", "gaussian:25", true, "blind", "joint", 3, "bm3d", 29.375, 0.8125, 0.25);
        Assert.Equal(row, QualityRow.Parse(row.ToCsv()));
        Assert.Equal(row with { Psnr = null }, QualityRow.Parse((row with { Psnr = null }).ToCsv()));
        Assert.Equal(QualityRow.Header.Split(',').Length, row.ToCsv().Split(',').Length);
        Assert.Throws<FormatException>(static () => QualityRow.Parse("a,b"));
    }

    [Fact]
    public void A_told_level_helps_and_is_part_of_the_key()
    {
        QualityRun told = Run(), blind = new()
        {
            DataFolder = _folder,
            Sets = ["two"],
            Noises = ["gaussian:10"],
            Methods = [MethodCatalogue.Find("bm3d")!],
            Blind = true
        };
        Assert.Contains(",given,", told.Rows(new HashSet<string>()).First().Key, StringComparison.Ordinal);
        Assert.Contains(",blind,", blind.Rows(new HashSet<string>()).First().Key, StringComparison.Ordinal);
    }

    [Fact]
    public void The_table_has_means_over_seeds_and_the_published_numbers_beside_ours()
    {
        QualityRow one = new("set12", "01", "gaussian:25", false, "given", "joint", 0, "bm3d", 29.00, 0.8, 1);
        QualityRow[] rows = [.. Enumerable.Range(1, 12).SelectMany(
            i => new[] { one with { Image = $"{i:00}" }, one with { Image = $"{i:00}", Seed = 1, Psnr = 31 } })];
        string table = QualityTable.ToMarkdown(rows);
        Assert.Contains("| bm3d | 30.00 |", table, StringComparison.Ordinal);
        Assert.Contains("| published | 29.45 |", table, StringComparison.Ordinal);
        Assert.Contains("| ours - published | +0.55 |", table, StringComparison.Ordinal);
        Assert.Contains("seeds 0, 1", table, StringComparison.Ordinal);
    }

    [Fact]
    public void A_set_that_is_not_there_is_named()
    {
        var run = new QualityRun
        {
            DataFolder = _folder,
            Sets = ["three"],
            Noises = ["gaussian:10"],
            Methods = [MethodCatalogue.Find("median")!]
        };
        Assert.Contains(
            "three", Assert.Throws<DirectoryNotFoundException>(() => run.Rows(new HashSet<string>()).ToList()).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Real_pairs_are_blind_and_those_of_another_exposure_are_also_fitted()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "pairs", "w2s"));
        Image clean = DemoPicture.Create(32, 1), darker = clean.With([.. clean.Planes.Select(static plane => Plane.From(
            plane.Width, plane.Height, plane.Samples.ToArray().Select(static sample => sample / 2).ToArray()))]);
        ImageFile.Write(Path.Combine(_folder, "pairs", "w2s", "a.clean.png"), clean, SampleType.UInt8);
        ImageFile.Write(Path.Combine(_folder, "pairs", "w2s", "a.noisy.png"), darker, SampleType.UInt8);
        QualityRow[] rows = [.. new QualityRun
        {
            DataFolder = _folder,
            Sets = ["pairs/w2s"],
            Noises = ["gaussian:10"],
            Methods = [MethodCatalogue.Find("gaussian")!]
        }.Rows(new HashSet<string>())];
        Assert.Equal(["real", "real affine"], rows.Select(static row => row.Noise));
        Assert.All(rows, static row => Assert.Equal(("a", "blind"), (row.Image, row.Sigma)));
        Assert.True(rows[1].Psnr > rows[0].Psnr + 3, $"{rows[0].Psnr} dB, fitted {rows[1].Psnr}");
    }

    [Fact]
    public void Zero_shot_training_is_left_out_on_large_pictures_unless_asked_for()
    {
        ImageFile.Write(Path.Combine(_folder, "clean", "two", "b.png"), DemoPicture.Create(260, 1), SampleType.UInt8);
        var run = new QualityRun
        {
            DataFolder = _folder,
            Sets = ["two"],
            Noises = ["gaussian:10"],
            Methods = [MethodCatalogue.Find("zs-n2n")!],
            Blind = true
        };
        Assert.Equal("a", Assert.Single(run.Rows(new HashSet<string>())).Image);
    }

    [Fact]
    public void An_effort_other_than_normal_is_part_of_the_name()
    {
        var run = new QualityRun
        {
            DataFolder = _folder,
            Sets = ["two"],
            Noises = ["gaussian:10"],
            Methods = [MethodCatalogue.Find("klar")!, MethodCatalogue.Find("median")!],
            Effort = "fast"
        };
        Assert.Equal(["klar fast", "median"], run.Rows(new HashSet<string>()).Take(2).Select(static row => row.Method));
    }

    private QualityRun Run() => new()
    {
        DataFolder = _folder,
        Sets = ["two"],
        Noises = ["gaussian:10", "gaussian:20"],
        Methods = [MethodCatalogue.Find("median")!, MethodCatalogue.Find("bm3d")!],
    };
}
