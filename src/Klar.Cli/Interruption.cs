using System.Runtime.InteropServices;
using Klar.Formats;

namespace Klar.Cli;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP, and the end of whoever runs this program, as a cancellation token, and which of them it
/// was.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Timer _end;
    private TimeSpan _grace = Timeout.InfiniteTimeSpan;

    public Interruption()
    {
        _end = new Timer(_ => End());
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, ExitCode.Interrupted)),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, ExitCode.Terminated)),
            PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Stop(context, ExitCode.Terminated)),
        ];
    }

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that the signal asks for.</summary>
    public ExitCode Code { get; private set; } = ExitCode.Interrupted;

    /// <summary>
    /// Ends the process when it has not stopped by itself that long after a signal. Unfinished files are removed; what
    /// else is left is what a kill leaves, which the next run knows how to handle.
    /// </summary>
    public void WaitNoLongerThan(TimeSpan grace) => _grace = grace;

    /// <summary>Counts the end of standard input as Ctrl-C.</summary>
    public void WatchInput() => new Thread(EndWithInput) { IsBackground = true, Name = "standard input" }.Start();

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _end.Dispose();
        _source.Dispose();
    }

    private void EndWithInput()
    {
        using Stream input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
            // What it says is of no interest.
        }

        Cancel();
    }

    private void Stop(PosixSignalContext context, ExitCode code)
    {
        context.Cancel = true;
        Code = code;
        Cancel();
    }

    private void Cancel()
    {
        _end.Change(_grace, Timeout.InfiniteTimeSpan);
        _source.Cancel();
    }

    private void End()
    {
        AtomicFile.RemoveUnfinished();
        Environment.Exit((int)Code);
    }
}
