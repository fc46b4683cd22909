namespace Klar.Reports.Html;

/// <summary>What a report says of how it was made.</summary>
/// <param name="Command">The command line that makes it again.</param>
/// <param name="Version">Klar's version.</param>
/// <param name="Machine">Runtime, system, processor and threads, in a line.</param>
/// <param name="Seed">The seed of all random draws.</param>
public sealed record RunDescription(string Command, string Version, string Machine, ulong Seed)
{
    internal IEnumerable<(string Name, string Text)> Terms =>
        [("command", Command), ("klar", Version), ("machine", Machine), ("seed", $"{Seed}")];
}
