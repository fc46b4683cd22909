using System.Runtime.InteropServices;

namespace Klar.Cli;

/// <summary>
/// Ctrl-C, SIGTERM and SIGHUP, and the end of whoever runs this program, as a cancellation token, and which of them it
/// was.
/// </summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, ExitCode.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, ExitCode.Terminated)),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => Stop(context, ExitCode.Terminated)),
    ];

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that the signal asks for.</summary>
    public ExitCode Code { get; private set; } = ExitCode.Interrupted;

    /// <summary>Counts the end of standard input as Ctrl-C.</summary>
    public void WatchInput() => new Thread(EndWithInput) { IsBackground = true, Name = "standard input" }.Start();

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void EndWithInput()
    {
        using Stream input = Console.OpenStandardInput();
        while (input.ReadByte() >= 0)
        {
            // What it says is of no interest.
        }

        _source.Cancel();
    }

    private void Stop(PosixSignalContext context, ExitCode code)
    {
        context.Cancel = true;
        Code = code;
        _source.Cancel();
    }
}
