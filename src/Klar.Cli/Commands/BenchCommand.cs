using System.CommandLine;

namespace Klar.Cli.Commands;

/// <summary><c>klar bench</c>: what this machine and these methods reach.</summary>
internal static class BenchCommand
{
    public static Command Create(CancellationToken cancel) => new("bench", "Measure this machine and the methods.")
    {
        BenchTrainCommand.Create(cancel), BenchMethodsCommand.Create(cancel), BenchQualityCommand.Create(cancel),
        BenchNoiseCommand.Create(cancel), BenchStructuredCommand.Create(cancel),
        BenchTrustCommand.Create(cancel), BenchFieldCommand.Create(cancel),
        BenchNumbersCommand.Create(),
    };
}
