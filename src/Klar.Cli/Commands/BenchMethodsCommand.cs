using System.CommandLine;
using System.Globalization;
using Klar.Catalogue;
using Klar.Formats;
using Klar.Reports;
using Spectre.Console;

namespace Klar.Cli.Commands;

/// <summary><c>klar bench methods</c>: how long each method takes here.</summary>
internal sealed class BenchMethodsCommand
{
    private readonly Option<string> _methods = new("--methods")
    {
        Description = "Methods, with commas between them (default: all)",
        HelpName = "LIST",
    };
    private readonly Option<string> _sizes = new("--sizes")
    {
        Description = "Sides of the pictures",
        HelpName = "LIST",
        DefaultValueFactory = static _ => "256,512,1024,2048"
    };
    private readonly Option<int> _rounds = new("--rounds")
    {
        Description = "Calls, of which the median counts",
        HelpName = "N",
        DefaultValueFactory = static _ => 3
    };

    private readonly Option<string?> _output = new("--output", "-o")
    {
        Description = "A CSV file with the rows",
        HelpName = "FILE.csv",
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new BenchMethodsCommand();
        var command = new Command("methods", "Time every method on gray pictures of several sizes.")
        {
            self._methods, self._sizes, self._rounds, self._output,
        };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        IReadOnlyList<Method> methods = parsed.GetValue(_methods) is { } names
            ? [.. names.Split(',', StringSplitOptions.TrimEntries).Select(MethodChoice.Find)]
            : MethodCatalogue.Comparable;
        int[] sizes = [.. parsed.GetValue(_sizes)!.Split(',').Select(Size)];
        int rounds = parsed.GetValue(_rounds);
        if (rounds is < 1 or > 1000)
        {
            throw UserErrorException.Usage($"--rounds {rounds}: it takes a number from 1 to 1000");
        }

        RunSettings run = CommonOptions.Run(parsed);
        var terminal = Terminal.Of(parsed);
        var rows = new List<MethodTime>();
        foreach (MethodTime row in new MethodTimes(run).Rows(methods, sizes, rounds, cancel))
        {
            rows.Add(row);
            terminal.Say($"{row.Method} {row.Size}x{row.Size}: {Text(row)}");
        }

        if (parsed.GetValue(_output) is { } file)
        {
            string[] lines = [MethodTime.Header, .. rows.Select(static row => row.ToCsv())];
            AtomicFile.WriteText(file, string.Join('\n', lines) + "\n");
        }

        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(
                new MethodTimesDocument(rows, run.Threads, Product.Version), Documents.Default.MethodTimesDocument);
            return ExitCode.Done;
        }

        var table = new Table
        {
            Border = TableBorder.Rounded,
            Title = new TableTitle($"seconds, {run.Threads} threads (~: steps timed and multiplied)")
        };
        table.AddColumns(["method", .. sizes.Select(static size => $"{size}x{size}")]);
        foreach (Method method in methods)
        {
            table.AddRow([
                method.Name,
                .. sizes.Select(size => Text(rows.First(row => row.Method == method.Name && row.Size == size)))
            ]);
        }

        Terminal.Print(table);
        return ExitCode.Done;
    }

    private static string Text(MethodTime row) =>
        (row.Extrapolated
            ? "~"
            : "") + row.Seconds.ToString(row.Seconds < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    private static int Size(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int size) && size is >= 16 and <= 16384
            ? size
            : throw UserErrorException.Usage($"--sizes {text}: it takes numbers from 16 to 16384");
}
