using Klar.Reports.Numbers;
using Klar.Tests.Support;

namespace Klar.Reports.Tests.Numbers;

public sealed class NumbersTests
{
    private static readonly MeasuredNumbers Measured = new(Path.Combine(Repository.Folder, "benchmarks"));

    /// <summary><c>klar bench numbers docs/numbers.md docs/tutorial.md README.md</c> makes them again.</summary>
    [Theory]
    [InlineData("docs/numbers.md", 9)]
    [InlineData("README.md", 2)]
    [InlineData("docs/tutorial.md", 1)]
    public void A_page_says_what_was_measured(string page, int parts)
    {
        string text = File.ReadAllText(Path.Combine(Repository.Folder, page));
        int asked = 0;
        string made = MadeBlocks.Made(text, name =>
        {
            asked++;
            return Measured.Part(name);
        });
        Assert.Equal(text, made);
        Assert.Equal(parts, asked);
    }

    [Fact]
    public void A_table_has_the_means_of_its_file()
    {
        // Counted by hand from pairs.csv.
        Assert.Contains(
            "| bacteria | 1 | 32.28 | 35.99 | 35.67 | 35.54 | **36.42** |",
            Measured.Part("real noise"),
            StringComparison.Ordinal);
        Assert.Contains("| `bm3d` | 32.34 (32.37) |", Measured.Part("known noise"), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_by_hand_stays()
    {
        string page = "a <!-- made: one -->old<!-- end --> b\n<!-- made: two --><!-- end -->\nc";
        string made = MadeBlocks.Made(page, static name => name == "one" ? "1" : "| x |\n|---|\n");
        Assert.Equal(
            "a <!-- made: one -->1<!-- end --> b\n<!-- made: two -->\n\n| x |\n|---|\n\n<!-- end -->\nc", made);
        Assert.Equal(made, MadeBlocks.Made(made, static name => name == "one" ? "1" : "| x |\n|---|\n"));
    }

    [Theory]
    [InlineData("<!-- made: one -->")]
    [InlineData("<!-- made: three --><!-- end -->")]
    public void A_part_without_an_end_or_of_no_known_name_is_refused(string page) =>
        Assert.Throws<FormatException>(() => MadeBlocks.Made(page, Measured.Part));
}
