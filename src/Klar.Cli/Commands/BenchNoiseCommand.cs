using System.CommandLine;
using Klar.Formats;
using Klar.Reports.Quality;

namespace Klar.Cli.Commands;

/// <summary><c>klar bench noise</c>: how well noise of known parameters is measured.</summary>
internal sealed class BenchNoiseCommand
{
    private readonly Option<string> _data = new("--data")
    {
        Description = "Folder that holds clean/",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "../shared/data"
    };
    private readonly Option<string> _sets = new("--sets")
    {
        Description = "Sets, with commas between them; microscopy is what lies in clean/ itself",
        HelpName = "LIST",
        DefaultValueFactory = static _ => "set12,kodak,microscopy"
    };
    private readonly Option<int> _seeds = new("--seeds")
    {
        Description = "How many noises of each kind",
        HelpName = "N",
        DefaultValueFactory = static _ => 5
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The CSV file; a Markdown table is written beside it",
        HelpName = "FILE.csv",
        DefaultValueFactory = static _ => "noise.csv"
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new BenchNoiseCommand();
        var command = new Command("noise", "Add noise of known parameters to clean images, measure it blind, and "
            + "list the errors.") { self._data, self._sets, self._seeds, self._output };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        int seeds = parsed.GetValue(_seeds);
        if (seeds is < 1 or > 1000)
        {
            throw UserErrorException.Usage($"--seeds {seeds}: it takes a number from 1 to 1000");
        }

        string file = parsed.GetValue(_output)!;
        var run = new NoiseAccuracyRun
        {
            DataFolder = parsed.GetValue(_data)!,
            Sets = parsed.GetValue(_sets)!.Split(',', StringSplitOptions.TrimEntries),
            Seeds = seeds,
            Run = CommonOptions.Run(parsed),
        };
        var terminal = Terminal.Of(parsed);
        var rows = new List<NoiseAccuracyRow>();
        foreach (NoiseAccuracyRow row in run.Rows(cancel))
        {
            if (rows.Count == 0 || rows[^1].Image != row.Image)
            {
                terminal.Say($"{row.Set}/{row.Image}");
            }

            rows.Add(row);
        }

        AtomicFile.WriteText(
            file, string.Join('\n', rows.Select(static row => row.ToCsv()).Prepend(NoiseAccuracyRow.Header)) + "\n");
        AtomicFile.WriteText(Path.ChangeExtension(file, ".md"), NoiseAccuracyTable.ToMarkdown(rows));
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(
                new NoiseAccuracyDocument(rows, Product.Version), Documents.Default.NoiseAccuracyDocument);
        }
        else
        {
            Terminal.Print($"{rows.Count} measurements: {file}, {Path.ChangeExtension(file, ".md")}");
        }

        return ExitCode.Done;
    }
}
