using System.Globalization;
using Klar.Reports;
using Spectre.Console;

namespace Klar.Cli;

/// <summary>A comparison's table on the terminal that fills while the methods run.</summary>
internal sealed class GrowingTable : IProgress<DenoiseProgress>
{
    private const int RefreshMilliseconds = 100;

    private readonly Lock _lock = new();
    private readonly LiveDisplayContext _display;
    private readonly List<ComparisonRow> _rows = [];
    private string _running = string.Empty;
    private long _last;

    private GrowingTable(LiveDisplayContext display) => _display = display;

    /// <summary>Runs <paramref name="work"/> under the table, which stays where it is afterwards.</summary>
    public static void While(Action<GrowingTable> work)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        console.Live(new Text(string.Empty)).Start(display =>
        {
            var table = new GrowingTable(display);
            work(table);
            table.Show(running: string.Empty);
        });
    }

    /// <summary>Adds a number.</summary>
    public void Add(ComparisonRow row)
    {
        lock (_lock)
        {
            _rows.Add(row);
            Show(_running);
        }
    }

    /// <summary>Says below the table what runs, ten times a second at most.</summary>
    public void Report(DenoiseProgress value)
    {
        lock (_lock)
        {
            long now = Environment.TickCount64;
            if (now - _last >= RefreshMilliseconds)
            {
                _last = now;
                Show(string.Create(CultureInfo.InvariantCulture, $"{value.Stage}, {100 * value.Fraction:F0} % of all"));
            }
        }
    }

    private void Show(string running)
    {
        _running = running;
        Table table = ComparisonFiles.Table(_rows);
        if (running.Length > 0)
        {
            table.Caption = new TableTitle(Markup.Escape(running));
        }

        _display.UpdateTarget(table);
    }
}
