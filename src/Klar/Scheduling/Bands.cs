namespace Klar.Scheduling;

/// <summary>Work on rows <c>from</c> to <c>to</c> of a plane.</summary>
internal delegate void BandWork(int from, int to);

/// <summary>Splits the rows of a plane into bands and shares them out to threads.</summary>
internal static class Bands
{
    // Fixed, so that the split, and with it every rounding error, is the same on any number of threads.
    public const int Height = 32;

    /// <summary>How many bands cover <paramref name="rows"/> rows.</summary>
    public static int Count(int rows) => (rows + Height - 1) / Height;

    /// <summary>Runs <paramref name="work"/> on every band; <paramref name="advanced"/> hears the share done.</summary>
    public static void ForEach(int rows, int threads, BandWork work, Action<double>? advanced, CancellationToken cancel)
    {
        int bands = Count(rows);
        new Workers(Math.Min(threads, bands)).Run(new Rows(rows, work, advanced), bands, cancel);
    }

    private sealed class Rows(int rows, BandWork work, Action<double>? advanced) : IWork
    {
        private readonly Lock _telling = new();
        private int _done;

        public void Run(int item, int worker)
        {
            int from = item * Height;
            work(from, Math.Min(from + Height, rows));
            if (advanced is not null)
            {
                // One at a time, so that the fractions that are heard never go back.
                lock (_telling)
                {
                    advanced((double)++_done / Count(rows));
                }
            }
        }
    }
}
