using System.CommandLine;

namespace Klar.Cli;

/// <summary>The options that every command takes.</summary>
internal static class CommonOptions
{
    public static Option<ulong> Seed { get; } = new("--seed")
    {
        Description = "Seed of every random draw; the same seed gives the same result",
        HelpName = "N",
        Recursive = true,
    };

    public static Option<int> Threads { get; } = new("--threads")
    {
        Description = "Threads to use (default: SLURM_CPUS_PER_TASK, else the cores that the process may use)",
        HelpName = "N",
        DefaultValueFactory = static _ => DefaultThreads(),
        Recursive = true,
    };

    public static Option<bool> Json { get; } =
        new("--json") { Description = "Print one JSON document instead of text", Recursive = true };

    public static Option<bool> Quiet { get; } =
        new("--quiet", "-q") { Description = "No messages and no progress", Recursive = true };

    public static Option<bool> Overwrite { get; } =
        new("--overwrite") { Description = "Replace files that exist", Recursive = true };

    public static Option<bool> Debug { get; } =
        new("--debug") { Description = "Show a stack trace when something fails", Recursive = true };

    /// <summary>
    /// For programs that run this one: they read the progress, and end it by closing its standard input, which also
    /// happens when they die.
    /// </summary>
    public static Option<bool> Attached { get; } = new("--attached")
    {
        Description = "For programs that run klar: progress as JSON, a line each, on stderr; ends as on Ctrl-C when "
            + "standard input is closed",
        Recursive = true,
    };

    public static IEnumerable<Option> All => [Seed, Threads, Json, Quiet, Overwrite, Debug, Attached];

    /// <summary>Threads and seed as the command line has them.</summary>
    public static RunSettings Run(ParseResult parsed)
    {
        int threads = parsed.GetValue(Threads);
        return threads is >= 1 and <= 1024
            ? new RunSettings { Seed = parsed.GetValue(Seed), Threads = threads }
            : throw UserErrorException.Usage($"--threads {threads}: it takes a number from 1 to 1024");
    }

    private static int DefaultThreads() =>
        int.TryParse(Environment.GetEnvironmentVariable("SLURM_CPUS_PER_TASK"), out int given) && given > 0
            ? given
            : Environment.ProcessorCount;
}
