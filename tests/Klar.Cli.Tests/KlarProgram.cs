using System.Diagnostics;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>The program as a user runs it: a process, its output and its exit code.</summary>
internal static class KlarProgram
{
    public static Result Run(params string[] arguments)
    {
        using Process process = Start(arguments);
        return Wait(process);
    }

    public static Process Start(params string[] arguments) => StartWith(("LC_ALL", "C.UTF-8"), arguments);

    /// <summary>With a variable of the environment.</summary>
    public static Process StartWith((string Name, string Value) variable, params string[] arguments)
    {
        ProcessStartInfo start = ProgramUnderTest.With(arguments);
        (start.RedirectStandardOutput, start.RedirectStandardError, start.RedirectStandardInput) = (true, true, true);
        start.WorkingDirectory = Repository.Folder;
        start.Environment[variable.Name] = variable.Value;
        return Process.Start(start)!;
    }

    // Far beyond what any run of a test takes on any machine: only what hangs is ended.
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(10);

    /// <summary>Waits until a run with <c>--attached</c> says how far it is.</summary>
    public static void WaitForProgress(Process process)
    {
        string? line;
        do
        {
            line = process.StandardError.ReadLine();
            Assert.NotNull(line);
        }
        while (!line.StartsWith('{'));
    }

    public static Result Wait(Process process)
    {
        Task<string> error = process.StandardError.ReadToEndAsync(), output = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(LongestRun))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail("klar hangs (or these tests were started from a shell that ignores SIGINT, as with &)");
        }

        return new Result(process.ExitCode, output.Result, error.Result);
    }

    internal sealed record Result(int Code, string Output, string Error)
    {
        /// <summary>Asserts one line on stderr that begins with the program's name, and the exit code.</summary>
        public void IsOneLine(int code, params string[] parts)
        {
            Assert.Equal((code, string.Empty), (Code, Output));
            Assert.StartsWith("klar: ", Error, StringComparison.Ordinal);
            Assert.Single(Error.TrimEnd('\n').Split('\n'));
            Assert.All(parts, part => Assert.Contains(part, Error, StringComparison.Ordinal));
        }
    }
}
