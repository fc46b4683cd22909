using System.CommandLine;
using Klar.Cli.Batch;
using Klar.Formats.Denoising;

namespace Klar.Cli.Commands;

/// <summary><c>klar denoise INPUT...</c></summary>
internal sealed class DenoiseCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "denoise";

    private readonly Argument<string[]> _inputs = new("INPUT")
    {
        Description = "Image files, folders or patterns",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "File or folder to write (default: beside the input as NAME_denoised.EXT)",
        HelpName = "FILE|DIR"
    };
    private readonly DenoiseOptions _options = new();

    public static Command Create(CancellationToken cancel)
    {
        var self = new DenoiseCommand();
        var command = new Command(Name, "Take the noise out of images and stacks; sample type and metadata are kept.")
        {
            self._inputs, self._output,
        };
        self._options.AddTo(command);
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        DenoiseRequest request = _options.Bind(parsed);
        var terminal = Terminal.Of(parsed);
        var denoising = new FileDenoising(request, parsed.GetValue(CommonOptions.Overwrite), terminal, cancel);
        if (parsed.GetValue(_inputs)!.Contains(StandardStreams.Name)
            || parsed.GetValue(_output) == StandardStreams.Name)
        {
            return Streamed(parsed, request, denoising, cancel);
        }

        var outcomes = new List<Outcome>();
        IReadOnlyList<BatchFile> files = Files(parsed, denoising, outcomes);
        _ = SceneChoice.Number(parsed);
        _options.Contradictions(parsed).ToList().ForEach(terminal.Say);
        foreach (Outcome unreadable in outcomes)
        {
            unreadable.Tell(terminal);
        }

        foreach (BatchFile file in files)
        {
            Outcome outcome = Outcome.Of(
                file.Input, () => denoising.Run(file.Input, file.Output, SceneChoice.In(file.Input, parsed)));
            if (outcome is Outcome.Elsewhere(_, var owner))
            {
                outcome = new Outcome.Failed(
                    file.Input, $"another run is making {file.Output} ({owner})", ExitCode.OutputExists);
            }

            outcomes.Add(outcome);
            outcome.Tell(terminal);
        }

        if (parsed.GetValue(CommonOptions.Json))
        {
            Print(outcomes, request);
        }

        return Outcome.Summary(outcomes);
    }

    private static void Print(IReadOnlyList<Outcome> outcomes, DenoiseRequest request)
    {
        DenoisedFile[] files = [.. outcomes.Select(outcome => outcome.Document(request.Method.Name))];
        Terminal.PrintJson(
            new DenoiseDocument(files, request.Run.Seed, Product.Version), Documents.Default.DenoiseDocument);
    }

    /// <summary>One image from standard input, or to standard output, or both.</summary>
    private ExitCode Streamed(
        ParseResult parsed, DenoiseRequest request, FileDenoising denoising, CancellationToken cancel)
    {
        if (parsed.GetValue(_inputs) is not [var input] || parsed.GetValue(_output) is not { } asked)
        {
            throw UserErrorException.Usage(
                "standard input and output (-) take one image: klar denoise - -o FILE, or klar denoise FILE -o -");
        }

        bool sent = asked == StandardStreams.Name;
        if (sent
            && (parsed.GetValue(CommonOptions.Json)
                || denoising.Files("-").Skip(1).Any()
                || request.Resumes))
        {
            throw UserErrorException.Usage(
                "-o - writes the picture alone to standard output: "
                + "--json, --resume, --report, --residual and --uncertainty take a file");
        }

        if (!sent && (Directory.Exists(asked) || asked.EndsWith('/')))
        {
            throw UserErrorException.Usage(
                $"-o {asked}: what comes from standard input has no name, so -o has to give one");
        }

        using var streams = new StandardStreams();
        var terminal = Terminal.Of(parsed);
        _options.Contradictions(parsed).ToList().ForEach(terminal.Say);
        Outcome outcome = Outcome.Of(input, () =>
        {
            string file = input == StandardStreams.Name ? streams.Input(cancel) : input;
            int? scene = SceneChoice.In(file, parsed);
            string output = sent ? streams.OutputFor(file, scene, cancel) : asked;
            Outcome made = denoising.Run(file, output, scene, input);
            if (sent && made is Outcome.Made)
            {
                StandardStreams.Send(output);
            }

            return made is Outcome.Made one
                ? one with { Input = input, Output = asked }
                : new Outcome.Failed(input, $"another run is making {output}", ExitCode.OutputExists);
        });
        outcome.Tell(terminal);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Print([outcome], request);
        }

        return Outcome.Summary([outcome]);
    }

    /// <summary>The files and where their results go.</summary>
    private BatchFile[] Files(ParseResult parsed, FileDenoising denoising, List<Outcome> unreadable)
    {
        IReadOnlyList<string> inputs = InputFiles.Of(parsed.GetValue(_inputs)!, unreadable, Terminal.Of(parsed).Say);
        string? asked = parsed.GetValue(_output);
        BatchFile[] files =
            [.. inputs.Select(input => new BatchFile(input, OutputFile.For(input, asked, inputs.Count > 1)))];
        denoising.RefuseLosses(files);
        return files;
    }
}
