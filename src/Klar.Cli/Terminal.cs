using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;

namespace Klar.Cli;

/// <summary>Results go to stdout, messages and progress to stderr.</summary>
internal sealed class Terminal(bool quiet, bool attached)
{
    public static Terminal Of(ParseResult parsed) =>
        new(parsed.GetValue(CommonOptions.Quiet), parsed.GetValue(CommonOptions.Attached));

    /// <summary>
    /// From here on what cannot be delivered is dropped: what is done does not depend on whether somebody listens. Only
    /// results on a standard output that is full are a failure.
    /// </summary>
    public static void DropUndeliverableMessages()
    {
        var plain = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        Console.SetError(Writer(Console.OpenStandardError, plain, dropsAll: true));
        Encoding own = Console.OutputEncoding;
        Console.SetOut(
            Writer(Console.OpenStandardOutput, own.CodePage == plain.CodePage ? plain : own, dropsAll: false));
    }

    private static StreamWriter Writer(Func<Stream> open, Encoding encoding, bool dropsAll)
    {
        Stream stream;
        try
        {
            stream = open();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            stream = Stream.Null;
        }

        return new StreamWriter(new MessageStream(stream, dropsAll), encoding) { AutoFlush = true };
    }

    /// <summary>A line of result.</summary>
    public static void Print(string line) => Console.Out.WriteLine(line);

    /// <summary>A result as one JSON document.</summary>
    public static void PrintJson<T>(T value, JsonTypeInfo<T> type) =>
        Console.Out.WriteLine(JsonSerializer.Serialize(value, type));

    /// <summary>A table of results, as wide as it needs to be.</summary>
    public static void Print(Table table)
    {
        bool plain = Console.IsOutputRedirected;
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(Console.Out),
            Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
            ColorSystem = plain ? ColorSystemSupport.NoColors : ColorSystemSupport.Detect,
        });
        if (plain)
        {
            console.Profile.Width = 400;
        }

        console.Write(table);
    }

    /// <summary>An error: one line, always shown.</summary>
    public static void Error(string message) => Console.Error.WriteLine($"klar: {message.ReplaceLineEndings(" ")}");

    /// <summary>A message on the way, not shown under <c>--quiet</c>.</summary>
    public void Say(string message)
    {
        if (!quiet)
        {
            Console.Error.WriteLine(message);
        }
    }

    /// <summary>A result on the way, for a program that runs this one.</summary>
    public void Tell<T>(T value, JsonTypeInfo<T> type)
    {
        if (attached)
        {
            Console.Error.WriteLine(JsonSerializer.Serialize(value, type));
        }
    }

    /// <summary>Runs <paramref name="work"/> under a bar with time left, where stderr is a terminal.</summary>
    public T WithProgress<T>(Func<IProgress<DenoiseProgress>?, T> work)
    {
        if (attached)
        {
            return work(new Lines(this));
        }

        if (quiet || Console.IsErrorRedirected)
        {
            return work(null);
        }

        IAnsiConsole console =
            AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Progress()
            .AutoClear(true)
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => work(new Bar(context.AddTask("starting"))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<DenoiseProgress>
    {
        public void Report(DenoiseProgress value)
        {
            task.Description = Markup.Escape(value.Stage);
            task.Value = 100 * value.Fraction;
        }
    }

    /// <summary>A line of JSON ten times a second, and where a new stage begins.</summary>
    private sealed class Lines(Terminal terminal) : IProgress<DenoiseProgress>
    {
        private const int MaxOften = 100;

        private readonly Lock _lock = new();
        private long _last = -MaxOften;
        private string _stage = string.Empty;

        public void Report(DenoiseProgress value)
        {
            lock (_lock)
            {
                long now = Environment.TickCount64;
                if (now - _last < MaxOften && value.Stage == _stage)
                {
                    return;
                }

                (_last, _stage) = (now, value.Stage);
                terminal.Tell(new ProgressDocument(value.Stage, value.Fraction), Documents.Default.ProgressDocument);
            }
        }
    }
}
