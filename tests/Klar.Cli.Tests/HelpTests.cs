using System.Text;
using System.Text.RegularExpressions;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>
/// What <c>--help</c> says of every command, as <c>Help.approved.txt</c> has it; a change shows up in review.
/// </summary>
public sealed partial class HelpTests
{
    [Fact]
    public void Help_is_the_approved_one()
    {
        var all = new StringBuilder();
        Add(all, []);
        string actual = all.ToString();
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") == "1")
        {
            File.WriteAllText(Approved, actual);
        }

        Assert.Equal(File.ReadAllText(Approved), actual);
    }

    private static string Approved =>
        Path.Combine(Repository.Folder, "tests", "Klar.Cli.Tests", "Help.approved.txt");

    /// <summary>The help of a command, and of those below it.</summary>
    private static void Add(StringBuilder all, string[] command)
    {
        // The default of --threads is what a job may use, else what the machine has.
        KlarProgram.Result result = KlarProgram.Wait(
            KlarProgram.StartWith(("SLURM_CPUS_PER_TASK", "2"), [.. command, "--help"]));
        Assert.Equal(0, result.Code);
        all.Append($"$ klar {string.Join(' ', [.. command, "--help"])}\n{result.Output.TrimEnd()}\n\n");
        string[] parts = result.Output.Split("\nCommands:\n");
        foreach (Match below in Name().Matches(parts.Length > 1 ? parts[1].Split("\n\n")[0] : string.Empty))
        {
            Add(all, [.. command, below.Groups[1].Value]);
        }
    }

    [GeneratedRegex(@"^  ([a-z0-9-]+)(?= )", RegexOptions.Multiline)]
    private static partial Regex Name();
}
