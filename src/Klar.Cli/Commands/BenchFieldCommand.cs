using System.CommandLine;
using Klar.Catalogue;
using Klar.Formats;
using Klar.Reports.Field;

namespace Klar.Cli.Commands;

/// <summary>
/// <c>klar bench field</c>: ordinary fluorescence files of many kinds, generated: the noise blind, a method blind and
/// told.
/// </summary>
internal sealed class BenchFieldCommand
{
    private readonly Option<int> _first = new("--first") { Description = "The first situation", HelpName = "N" };
    private readonly Option<int> _count =
        new("--count") { Description = "How many situations", HelpName = "N", DefaultValueFactory = static _ => 100 };

    private readonly Option<int> _largest = new("--largest")
    {
        Description = "The largest side in pixels: 64 to 1024",
        HelpName = "N",
        DefaultValueFactory = static _ => 256,
    };

    private readonly Option<string> _method = new("--method", "-m")
    {
        Description = "The method, or none to measure the noise alone",
        HelpName = "METHOD|none",
        DefaultValueFactory = static _ => "auto",
    };

    private readonly Option<string> _effort = new("--effort")
    {
        Description = "Of methods that have one",
        HelpName = "fast|normal|best",
        DefaultValueFactory = static _ => "fast",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The CSV file; a Markdown table is written beside it",
        HelpName = "FILE.csv",
        DefaultValueFactory = static _ => "field.csv",
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new BenchFieldCommand();
        var command = new Command(
            "field", "Measure and denoise generated files of many kinds, blind and told the true noise.")
        {
            self._first, self._count, self._largest, self._method, self._effort, self._output,
        };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        (int first, int count, int largest) =
            (parsed.GetValue(_first), parsed.GetValue(_count), parsed.GetValue(_largest));
        if (first < 0 || count < 1 || largest is < 64 or > 1024)
        {
            throw UserErrorException.Usage("--first takes 0 and more, --count 1 and more, --largest 64 to 1024");
        }

        string name = parsed.GetValue(_method)!;
        string effort = MethodChoice.CheckedEffort(parsed.GetValue(_effort)!);
        Method? method = name == "none" ? null : MethodChoice.Find(name);
        var settings = new Dictionary<string, string>();
        if (method?.TakesEffort == true)
        {
            settings["effort"] = effort;
        }

        var run = new FieldRun
        {
            Method = method is null
                ? null
                : (handling, runSettings) => method.CreateAware(settings, handling, runSettings),
            Run = CommonOptions.Run(parsed),
            Largest = largest,
        };
        var terminal = Terminal.Of(parsed);
        var rows = new List<FieldRow>();
        for (int number = first; number < first + count; number++)
        {
            cancel.ThrowIfCancellationRequested();
            rows.Add(run.Row(number, cancel));
            terminal.Say(rows[^1].ToCsv());
        }

        string file = parsed.GetValue(_output)!;
        AtomicFile.WriteText(
            file, string.Join('\n', rows.Select(static row => row.ToCsv()).Prepend(FieldRow.Header)) + "\n");
        string table = FieldTable.ToMarkdown(rows);
        AtomicFile.WriteText(Path.ChangeExtension(file, ".md"), table);
        Terminal.Print(table);
        return ExitCode.Done;
    }
}
