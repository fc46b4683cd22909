using System.CommandLine;
using Klar.Formats;
using Klar.Reports.Quality;

namespace Klar.Cli.Commands;

/// <summary><c>klar bench structured</c>: what offsets of rows and columns cost a method.</summary>
internal sealed class BenchStructuredCommand
{
    private readonly Option<string> _data = new("--data")
    {
        Description = "Folder that holds clean/ and pairs/",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "../shared/data",
    };

    private readonly Option<string> _sets = new("--sets")
    {
        Description = "Sets, with commas between them",
        HelpName = "LIST",
        DefaultValueFactory = static _ => "set12,microscopy",
    };

    private readonly Option<string> _method = new("--method", "-m")
    {
        Description = "The method",
        HelpName = "METHOD",
        DefaultValueFactory = static _ => "bm3d",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The CSV file; a Markdown table is written beside it",
        HelpName = "FILE.csv",
        DefaultValueFactory = static _ => "structured.csv",
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new BenchStructuredCommand();
        var command = new Command(
            "structured", "Add offsets of rows and columns to noisy images, and measure what is left of them.")
        {
            self._data, self._sets, self._method, self._output,
        };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        string file = parsed.GetValue(_output)!, method = parsed.GetValue(_method)!;
        var run = new StructuredRun
        {
            DataFolder = parsed.GetValue(_data)!,
            Sets = parsed.GetValue(_sets)!.Split(',', StringSplitOptions.TrimEntries),
            Method = MethodChoice.Find(method),
            Run = CommonOptions.Run(parsed),
        };
        var terminal = Terminal.Of(parsed);
        var rows = new List<StructuredRow>();
        foreach (StructuredRow row in run.Rows(cancel))
        {
            if (rows.Count == 0 || rows[^1].Image != row.Image)
            {
                terminal.Say($"{row.Set}/{row.Image}");
            }

            rows.Add(row);
        }

        AtomicFile.WriteText(
            file, string.Join('\n', rows.Select(static row => row.ToCsv()).Prepend(StructuredRow.Header)) + "\n");
        AtomicFile.WriteText(Path.ChangeExtension(file, ".md"), StructuredTable.ToMarkdown(rows, method));
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(new StructuredDocument(rows, Product.Version), Documents.Default.StructuredDocument);
        }
        else
        {
            Terminal.Print($"{rows.Count} measurements: {file}, {Path.ChangeExtension(file, ".md")}");
        }

        return ExitCode.Done;
    }
}
