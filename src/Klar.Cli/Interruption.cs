using System.Runtime.InteropServices;

namespace Klar.Cli;

/// <summary>Ctrl-C and SIGTERM as a cancellation token, and which of them it was.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly PosixSignalRegistration[] _registrations;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, context => Stop(context, ExitCode.Interrupted)),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, context => Stop(context, ExitCode.Terminated)),
    ];

    public CancellationToken Token => _source.Token;

    /// <summary>The exit code that the signal asks for.</summary>
    public ExitCode Code { get; private set; } = ExitCode.Interrupted;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }

        _source.Dispose();
    }

    private void Stop(PosixSignalContext context, ExitCode code)
    {
        context.Cancel = true;
        Code = code;
        _source.Cancel();
    }
}
