using System.Text.Json;
using Klar.Formats;
using Klar.Reports;
using Spectre.Console;

namespace Klar.Cli;

/// <summary>What a comparison leaves: the table on the terminal, and files in a folder.</summary>
internal static class ComparisonFiles
{
    /// <summary>The report's name.</summary>
    public const string Report = "report.html";

    private static readonly string[] Tables = ["table.csv", "table.json", "table.md", "table.tex"];

    /// <summary>Names that do not depend on images and noises.</summary>
    public static IEnumerable<string> Fixed => Tables.Append(Report);

    /// <summary>Prints the table, or all rows as JSON.</summary>
    public static void Print(ComparisonRow[] rows, RunSettings run, bool json)
    {
        if (json)
        {
            Terminal.PrintJson(
                new ComparisonDocument(rows, run.Seed, Product.Version), Documents.Default.ComparisonDocument);
            return;
        }

        Terminal.Print(Table(rows));
    }

    /// <summary>The table for a terminal; the best of a line is bold.</summary>
    public static Table Table(IReadOnlyList<ComparisonRow> rows)
    {
        var text = new ComparisonTable(rows);
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle("PSNR in dB") };
        foreach ((string heading, int i) in text.Headings.Select(static (heading, i) => (heading, i)))
        {
            table.AddColumn(
                new TableColumn(Markup.Escape(heading)) { Alignment = i < 2 ? Justify.Left : Justify.Right });
        }

        foreach ((IReadOnlyList<string> cells, int best) in text.Lines())
        {
            table.AddRow([
                .. cells.Select((cell, i) => i == best ? $"[bold green]{Markup.Escape(cell)}[/]" : Markup.Escape(cell))
            ]);
        }

        return table;
    }

    /// <summary>Writes the table in four formats, replacing what is there.</summary>
    public static void WriteTables(string folder, ComparisonRow[] rows, RunSettings run)
    {
        var table = new ComparisonTable(rows);
        string json = JsonSerializer.Serialize(
            new ComparisonDocument(rows, run.Seed, Product.Version), Documents.Default.ComparisonDocument) + "\n";
        Directory.CreateDirectory(folder);
        foreach ((
            string name,
            string text) in Tables.Zip((string[])[table.ToCsv(), json, table.ToMarkdown(), table.ToLatex()]))
        {
            AtomicFile.WriteText(Path.Combine(folder, name), text);
        }
    }

    /// <summary>The figure's file: the image's name and the noise, without what file names dislike.</summary>
    public static string Figure(string image, string? noise) =>
        $"{Path.GetFileNameWithoutExtension(image)}_{(noise ?? "own-noise").Replace(':', '-')}.png";

    /// <summary>
    /// The figure, and, where it was asked for, reference, noisy image and results in the reference's grey levels.
    /// </summary>
    public static void WritePictures(string folder, ComparisonCase one, bool withImages)
    {
        Directory.CreateDirectory(folder);
        Reports.Figure.Write(Path.Combine(folder, Figure(one.Input.Name, one.Noise)), one);
        if (!withImages)
        {
            return;
        }

        string images = Path.Combine(folder, "images");
        Directory.CreateDirectory(images);
        string stem = Path.GetFileNameWithoutExtension(Figure(one.Input.Name, one.Noise));
        foreach ((string name, Image image) in one.Results
            .Select(static result => (result.Row.Method, result.Image))
            .Prepend(("clean", one.Input.Reference)))
        {
            ImageFile.Write(
                Path.Combine(images, $"{stem}_{Path.GetFileNameWithoutExtension(name)}.tif"), image,
                SampleType.Float32);
        }
    }
}
