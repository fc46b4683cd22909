using System.CommandLine;

namespace Klar.Cli.Commands;

/// <summary><c>klar denoise INPUT...</c></summary>
internal sealed class DenoiseCommand
{
    private readonly Argument<string[]> _inputs = new("INPUT") { Description = "Image files, folders or patterns", Arity = ArgumentArity.OneOrMore };
    private readonly Option<string> _output = new("--output", "-o") { Description = "File or folder to write (default: beside the input as NAME_denoised.EXT)", HelpName = "FILE|DIR" };
    private readonly FileDenoising _denoising = new();

    public static Command Create(CancellationToken cancel)
    {
        var self = new DenoiseCommand();
        var command = new Command("denoise", "Take the noise out of images and stacks; sample type and metadata are kept.") { self._inputs, self._output };
        self._denoising.AddTo(command);
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        RunSettings run = _denoising.Checked(parsed);
        var terminal = Terminal.Of(parsed);
        int? scene = SceneChoice.Number(parsed);
        IReadOnlyList<string> inputs = InputFiles.Of(parsed.GetValue(_inputs)!, terminal.Say);
        RefuseSameOutput(inputs, parsed.GetValue(_output));
        var outcomes = new List<Outcome>();
        foreach (string input in inputs)
        {
            string output = OutputFile.For(input, parsed.GetValue(_output), inputs.Count > 1);
            Outcome outcome = Outcome.Of(input, () => _denoising.Run(input, output, scene, parsed, run, terminal, cancel));
            outcomes.Add(outcome);
            outcome.Tell(terminal);
        }

        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(new DenoiseDocument([.. outcomes.Select(outcome => outcome.Document(_denoising.Method(parsed)))], run.Seed, Product.Version), Documents.Default.DenoiseDocument);
        }

        return Outcome.Summary(outcomes);
    }

    /// <summary>Before anything is done: of two results in one file only the second would be left.</summary>
    private static void RefuseSameOutput(IReadOnlyList<string> inputs, string? asked)
    {
        if (inputs.GroupBy(input => Path.GetFullPath(OutputFile.For(input, asked, inputs.Count > 1))).FirstOrDefault(static same => same.Count() > 1) is { } twice)
        {
            throw ExpectedTroubleException.Usage($"{string.Join(" and ", twice)} would both be written to {twice.Key} ('klar batch' keeps folders apart)");
        }
    }
}
