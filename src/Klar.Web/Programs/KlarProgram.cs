using System.Diagnostics;

namespace Klar.Web.Programs;

/// <summary>
/// Runs <c>klar</c> in a process of its own, so that whatever a file does to a decoder does not happen to the server.
/// The process ends when its standard input is closed: on cancelling, and when the server dies.
/// </summary>
internal sealed class KlarProgram(IReadOnlyList<string> program)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    /// <summary>Runs a command.</summary>
    /// <param name="arguments">Its command line; it is told to be attached.</param>
    /// <param name="folder">Where it runs.</param>
    /// <param name="onLine">Is told each line of progress.</param>
    /// <param name="output">Takes its standard output.</param>
    /// <param name="cancel">Ends it within seconds.</param>
    /// <returns>How it ended, once it has.</returns>
    public async Task<Ended> Run(
        IEnumerable<string> arguments, string folder, Action<string>? onLine, Stream output, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        var start = new ProcessStartInfo(program[0], [.. program.Skip(1), .. arguments, "--attached"])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        using Process process = Process.Start(start)
            ?? throw new InvalidOperationException($"{program[0]} does not start");
        using var patience = new CancellationTokenSource();
        using CancellationTokenRegistration end = patience.Token.Register(() => process.Kill(entireProcessTree: true));
        using CancellationTokenRegistration stop = cancel.Register(() =>
        {
            process.StandardInput.Close();
            patience.CancelAfter(Grace);
        });
        Task<string?> errors = Errors(process, onLine);
        try
        {
            // Not cancelled itself: what the program has to say comes to its end with it.
            await process.StandardOutput.BaseStream.CopyToAsync(output, CancellationToken.None).ConfigureAwait(false);
        }
        catch
        {
            // Whoever wanted to know is gone.
            process.Kill(entireProcessTree: true);
            throw;
        }

        await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        string? failure = await errors.ConfigureAwait(false);
        if (process.ExitCode != 0)
        {
            cancel.ThrowIfCancellationRequested();
        }

        return new Ended(process.ExitCode, failure);
    }

    /// <summary>Hands lines of progress on, and keeps the last line that tells of failure.</summary>
    internal static async Task<string?> Errors(Process process, Action<string>? onLine)
    {
        const string Mark = "klar: ";
        string? failure = null;
        while (await process.StandardError.ReadLineAsync().ConfigureAwait(false) is { } line)
        {
            if (line.StartsWith('{'))
            {
                onLine?.Invoke(line);
            }
            else if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                failure = line[Mark.Length..];
            }
        }

        return failure;
    }

    /// <summary>How a run ended: its exit code, and the line that says what went wrong.</summary>
    internal sealed record Ended(int Code, string? Failure)
    {
        /// <summary>The line, or what can be said without one: a crash leaves none.</summary>
        public string Reason =>
            Failure ?? (Code > 128 ? $"klar was ended by signal {Code - 128}" : $"klar ended with code {Code}");
    }
}
