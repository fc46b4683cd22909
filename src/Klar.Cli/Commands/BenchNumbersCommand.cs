using System.CommandLine;
using Klar.Formats;
using Klar.Reports.Numbers;

namespace Klar.Cli.Commands;

/// <summary><c>klar bench numbers</c>: the tables of the documents, from what was measured.</summary>
internal sealed class BenchNumbersCommand
{
    private readonly Argument<string[]> _pages = new("page")
    {
        Description = "Markdown files: what stands there between <!-- made: NAME --> and <!-- end --> is made again",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _benchmarks = new("--benchmarks")
    {
        Description = "Folder with what klar bench has measured",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "benchmarks",
    };

    public static Command Create()
    {
        var self = new BenchNumbersCommand();
        var command = new Command("numbers", "Make the tables of documents from what was measured.")
        {
            self._pages, self._benchmarks,
        };
        command.SetAction(parsed => (int)self.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        var numbers = new MeasuredNumbers(parsed.GetValue(_benchmarks)!);
        foreach (string page in parsed.GetValue(_pages)!)
        {
            try
            {
                AtomicFile.WriteText(page, MadeBlocks.Made(File.ReadAllText(page), numbers.Part));
            }
            catch (FormatException failure)
            {
                throw UserErrorException.Usage($"{page}: {failure.Message}");
            }
        }

        return ExitCode.Done;
    }
}
