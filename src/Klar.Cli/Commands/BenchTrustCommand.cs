using System.CommandLine;
using Klar.Formats;
using Klar.Reports.Quality;

namespace Klar.Cli.Commands;

/// <summary>
/// <c>klar bench trust</c>: how far warnings, uncertainty and rankings without ground truth are to be trusted.
/// </summary>
internal sealed class BenchTrustCommand
{
    private readonly Option<string> _data = new("--data")
    {
        Description = "Folder that holds clean/ and pairs/",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "../shared/data"
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The CSV file; a Markdown table is written beside it",
        HelpName = "FILE.csv",
        DefaultValueFactory = static _ => "trust.csv"
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new BenchTrustCommand();
        var command = new Command(
            "trust",
            "Measure warnings, uncertainty and rankings on images whose truth is known.") { self._data, self._output };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        string file = parsed.GetValue(_output)!;
        var terminal = Terminal.Of(parsed);
        var rows = new List<TrustRow>();
        foreach (TrustRow row in new TrustRun
        {
            DataFolder = parsed.GetValue(_data)!,
            Run = CommonOptions.Run(parsed)
        }.Rows(cancel))
        {
            terminal.Say(row.ToCsv());
            rows.Add(row);
        }

        AtomicFile.WriteText(
            file, string.Join('\n', rows.Select(static row => row.ToCsv()).Prepend(TrustRow.Header)) + "\n");
        AtomicFile.WriteText(Path.ChangeExtension(file, ".md"), TrustTable.ToMarkdown(rows));
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(new TrustRowsDocument(rows, Product.Version), Documents.Default.TrustRowsDocument);
        }
        else
        {
            Terminal.Print($"{rows.Count} measurements: {file}, {Path.ChangeExtension(file, ".md")}");
        }

        return ExitCode.Done;
    }
}
