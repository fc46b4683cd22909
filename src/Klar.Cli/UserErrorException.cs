namespace Klar.Cli;

/// <summary>Failure that the user can understand and mend: one line, and an exit code.</summary>
internal sealed class UserErrorException(ExitCode code, string message) : Exception(message)
{
    public ExitCode Code { get; } = code;

    public static UserErrorException Usage(string message) => new(ExitCode.WrongUsage, message);
}
