using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using Klar.Cli.Commands;
using Klar.Formats.Denoising;

namespace Klar.Cli;

internal static class Program
{
    // What reads, computes or writes looks at the token. What waits for a disk, a network or another library cannot.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1.5);

    public static int Main(string[] args)
    {
        Terminal.DropUndeliverableMessages();
        using var interruption = new Interruption();
        Command root = Root(interruption.Token);
        StrictNumber.Apply(root);
        ParseResult parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpWithExamples)
        {
            Terminal.Error($"{parsed.Errors[0].Message} ('{HelpFor(parsed)}' shows what it takes)");
            return (int)ExitCode.WrongUsage;
        }

        if (WrongName(parsed) is { } wrong)
        {
            Terminal.Error(wrong);
            return (int)ExitCode.WrongUsage;
        }

        if (parsed.GetValue(CommonOptions.Attached))
        {
            interruption.WatchInput();
        }

        try
        {
            AddressSpace.Refuse();
            if (parsed.CommandResult.Command.Name != ServeCommand.Name)
            {
                interruption.WaitNoLongerThan(Grace);
            }

            return parsed.Invoke(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null
            });
        }
        catch (OperationCanceledException) when (interruption.Token.IsCancellationRequested)
        {
            return (int)interruption.Code;
        }
        catch (Exception failure)
        {
            return (int)Explain(failure, parsed.GetValue(CommonOptions.Debug));
        }
    }

    internal static Command Root(CancellationToken cancel)
    {
        var root = new Command("klar", "Klar takes noise out of microscope images without training data.")
        {
            new HelpOption { Recursive = true, Action = new HelpWithExamples() },
            new VersionOption(),
        };
        foreach (Option option in CommonOptions.All)
        {
            root.Options.Add(option);
        }

        foreach (Command command in (Command[])
            [
                DemoCommand.Create(cancel), DenoiseCommand.Create(cancel), BatchCommand.Create(
                    cancel), TrainCommand.Create(cancel), CompareCommand.Create(cancel), NoiseCommand.Create(cancel),
                MetricsCommand.Create(cancel), EstimateCommand.Create(cancel), InfoCommand.Create(), PageCommand.Create(
                    cancel), SampleCommand.Create(cancel), MethodsCommand.Create(),
                ServeCommand.Create(cancel), DoctorCommand.Create(), BenchCommand.Create(
                    cancel), .. CompletionCommand.Create(() => Root(cancel)),
            ])
        {
            root.Subcommands.Add(command);
        }

        return root;
    }

    private static ExitCode Explain(Exception failure, bool debug)
    {
        (string message, ExitCode code) = failure switch
        {
            UserErrorException expected => (expected.Message, expected.Code),
            InvalidRequestException wrong => (wrong.Message, ExitCode.WrongUsage),
            _ when Outcome.IsExpected(failure) => (Outcome.OneLine(failure), ExitCode.Failed),
            _ => (
                $"internal error: {Outcome.OneLine(failure)} (run with --debug for the stack trace)", ExitCode.Failed),
        };
        Terminal.Error(message);
        if (debug)
        {
            Console.Error.WriteLine(failure);
        }

        return code;
    }

    /// <summary>
    /// What is wrong with the name of an input or output, in a line; null for nothing. A name is empty where a script's
    /// variable was never set.
    /// </summary>
    private static string? WrongName(ParseResult parsed)
    {
        Command command = parsed.CommandResult.Command;
        foreach (SymbolResult child in command.Hidden ? [] : parsed.CommandResult.Children)
        {
            string? named = child switch
            {
                OptionResult { Option.Name: "--output" } output => output.Option.Name,
                ArgumentResult argument => argument.Argument.Name,
                _ => null,
            };
            if (named is not null && child.Tokens.Any(static token => token.Value.Length == 0))
            {
                return $"{named} '': a file or folder needs a name";
            }

            if (named is not null
                && command.Name != DenoiseCommand.Name
                && child.Tokens.Any(static token => token.Value == StandardStreams.Name))
            {
                return $"{named} -: standard input and output are for 'klar denoise' alone "
                    + "(./- is a file of that name)";
            }
        }

        return null;
    }

    private static string HelpFor(ParseResult parsed)
    {
        string names = "--help";
        for (SymbolResult? at = parsed.CommandResult; at is CommandResult command; at = at.Parent)
        {
            names = $"{command.Command.Name} {names}";
        }

        return names;
    }
}
