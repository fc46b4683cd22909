using Klar.Formats;

namespace Klar.Cli;

/// <summary>What became of one file.</summary>
internal abstract record Outcome(string Input)
{
    /// <summary>The file was made.</summary>
    public sealed record Made(string Input, string Output, DenoiseReport Report, long Clipped) : Outcome(Input);

    /// <summary>It was not; the reason is one line.</summary>
    public sealed record Failed(string Input, string Reason, ExitCode Code) : Outcome(Input);

    /// <summary>Runs <paramref name="make"/>; expected trouble becomes a value, a bug stays an exception.</summary>
    public static Outcome Of(string input, Func<Made> make)
    {
        try
        {
            return make();
        }
        catch (ExpectedTroubleException trouble)
        {
            return new Failed(input, trouble.Message, trouble.Code);
        }
        catch (Exception trouble) when (IsExpected(trouble))
        {
            return new Failed(input, OneLine(trouble), ExitCode.Failed);
        }
    }

    /// <summary>Whether <paramref name="trouble"/> comes from a file or its samples and not from a mistake in Klar.</summary>
    public static bool IsExpected(Exception trouble) =>
        trouble is IOException or UnauthorizedAccessException or BadImageFileException or DllNotFoundException or ArgumentException { ParamName: "noisy" };

    /// <summary>The message on one line.</summary>
    public static string OneLine(Exception trouble)
    {
        string message = trouble.Message.ReplaceLineEndings(" ");
        int parameter = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return parameter > 0 ? message[..parameter] : message;
    }

    /// <summary>The exit code of a run over several files.</summary>
    public static ExitCode Summary(IReadOnlyCollection<Outcome> outcomes)
    {
        Failed[] failed = [.. outcomes.OfType<Failed>()];
        return failed.Length == 0 ? ExitCode.Done
            : failed.Length < outcomes.Count ? ExitCode.SomeFilesFailed
            : failed.All(static one => one.Code == ExitCode.OutputExists) ? ExitCode.OutputExists
            : ExitCode.Failed;
    }
}
