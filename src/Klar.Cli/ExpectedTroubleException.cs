namespace Klar.Cli;

/// <summary>Trouble that the user can understand and mend: one line, and an exit code.</summary>
internal sealed class ExpectedTroubleException(ExitCode code, string message) : Exception(message)
{
    public ExitCode Code { get; } = code;

    public static ExpectedTroubleException Usage(string message) => new(ExitCode.WrongUsage, message);
}
