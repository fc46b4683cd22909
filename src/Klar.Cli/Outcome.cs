using System.Globalization;
using Klar.Formats;
using Klar.Formats.Denoising;

namespace Klar.Cli;

/// <summary>What became of one file.</summary>
internal abstract record Outcome(string Input)
{
    /// <summary>The file was made.</summary>
    public sealed record Made(string Input, string Output, DenoiseReport Report, long Clipped) : Outcome(Input)
    {
        /// <summary>Pages of it.</summary>
        public int Pages { get; init; } = 1;

        /// <summary>Whether it was there already.</summary>
        public bool Skipped { get; init; }

        /// <summary>What is to be known of the input; null for nothing.</summary>
        public string? Note { get; init; }

        /// <inheritdoc/>
        public override void Tell(Terminal terminal)
        {
            if (Skipped)
            {
                terminal.Say($"{Input} -> {Output} (was done)");
                return;
            }

            string pages = Pages > 1 ? $", {Pages} pages" : string.Empty;
            pages += Report.Settings.TryGetValue("across", out string? across)
                ? $", neighbours: {across}"
                : string.Empty;
            terminal.Say(string.Create(
                CultureInfo.InvariantCulture,
                $"{Input} -> {Output} ({Report.Method}, {Report.Elapsed.TotalSeconds:F1} s{pages})"));
            if (Report.Settings.GetValueOrDefault("why") is { } why)
            {
                terminal.Say($"  {why}");
            }

            string? clipped = Clipped > 0 ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Clipped} samples lay outside of the file's type and were clipped") : null;
            foreach (string warning in Report.Warnings.Concat(new[] { Note, clipped }.OfType<string>()))
            {
                terminal.Say($"  warning: {warning}");
            }
        }

        /// <inheritdoc/>
        public override DenoisedFile Document(string method) =>
            new(Input, Output, method, Report.Elapsed.TotalSeconds, Report.SigmaEstimated * 255, Clipped, Skipped
                ? "skipped"
                : "made", Report.Warnings, null);
    }

    /// <summary>It was not; the reason is one line.</summary>
    public sealed record Failed(string Input, string Reason, ExitCode Code) : Outcome(Input)
    {
        /// <inheritdoc/>
        public override void Tell(Terminal terminal) => Terminal.Error($"{Input}: {Reason}");

        /// <inheritdoc/>
        public override DenoisedFile Document(string method) =>
            new(Input, null, method, null, null, null, "failed", [], Reason);
    }

    /// <summary>Another run is making it.</summary>
    public sealed record Elsewhere(string Input, string Owner) : Outcome(Input)
    {
        /// <inheritdoc/>
        public override void Tell(Terminal terminal) => terminal.Say($"{Input}: another run is at it ({Owner})");

        /// <inheritdoc/>
        public override DenoisedFile Document(string method) =>
            new(Input, null, method, null, null, null, "elsewhere", [], null);
    }

    /// <summary>The run was stopped before it was done.</summary>
    public sealed record Stopped(string Input) : Outcome(Input)
    {
        /// <inheritdoc/>
        public override void Tell(Terminal terminal)
        {
            // The summary says how many.
        }

        /// <inheritdoc/>
        public override DenoisedFile Document(string method) => new(
            Input, null, method, null, null, null, "stopped", [],
            "the run was stopped before it was done (--resume goes on)");
    }

    /// <summary>Says it in a line or more.</summary>
    public abstract void Tell(Terminal terminal);

    /// <summary>The same for machines.</summary>
    public abstract DenoisedFile Document(string method);

    /// <summary>Runs <paramref name="make"/>; expected failure becomes a value, a bug stays an exception.</summary>
    public static Outcome Of(string input, Func<Outcome> make)
    {
        try
        {
            return make();
        }
        catch (UserErrorException failure)
        {
            return new Failed(input, failure.Message, failure.Code);
        }
        catch (InvalidRequestException wrong)
        {
            return new Failed(input, wrong.Message, ExitCode.WrongUsage);
        }
        catch (NonFiniteSampleException notFinite)
        {
            string message = $"{OneLine(notFinite).TrimEnd('.')} "
                + "(--nan keep leaves such pixels as they are and denoises the others)";
            return new Failed(input, message, ExitCode.Failed);
        }
        catch (Exception failure) when (IsExpected(failure))
        {
            return new Failed(input, OneLine(failure), ExitCode.Failed);
        }
    }

    /// <summary>
    /// Whether <paramref name="failure"/> comes from a file or its samples and not from a mistake in Klar.
    /// </summary>
    public static bool IsExpected(Exception failure) =>
        failure is IOException or UnauthorizedAccessException or BadImageFileException or DllNotFoundException
            or OutOfMemoryException or UnsuitableImageException;

    /// <summary>The message on one line.</summary>
    public static string OneLine(Exception failure) => failure switch
    {
        OutOfMemoryException and not InsufficientMemoryException =>
            "there is not enough memory (--max-memory takes less)",
        FileNotFoundException { FileName: { } name } => $"'{name}' is no longer there",
        _ => failure.Message.ReplaceLineEndings(" "),
    };

    /// <summary>The exit code of a run over several files.</summary>
    public static ExitCode Summary(IReadOnlyCollection<Outcome> outcomes)
    {
        Failed[] failed = [.. outcomes.OfType<Failed>()];
        return failed.Length == 0 ? ExitCode.Done
            : failed.Length < outcomes.Count ? ExitCode.SomeFilesFailed
            : failed.All(one => one.Code == failed[0].Code) ? failed[0].Code
            : ExitCode.Failed;
    }
}
