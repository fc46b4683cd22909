using Klar.Scheduling;

namespace Klar.NonLocal;

/// <summary>
/// One pass over an image: for each reference patch the group of those most similar to it on a guide, an estimate of
/// the whole group, and the weighted mean of all estimates of a pixel.
/// </summary>
internal sealed class NonLocalPass
{
    private readonly PatchSearchSettings _settings;
    private readonly int _width;
    private readonly int _height;
    private readonly int _channels;
    private readonly RunSettings _run;

    public NonLocalPass(PatchSearchSettings settings, int width, int height, int channels, RunSettings run) =>
        (_settings, _width, _height, _channels, _run) = (settings, width, height, channels, run);

    /// <summary>The channels of the estimate of a page that stands alone.</summary>
    /// <param name="guide">Where patches are compared, row-major.</param>
    /// <param name="estimate">Makes a worker's estimate of groups.</param>
    /// <param name="advanced">Hears the share done, 0 to 1.</param>
    /// <param name="cancel">Stops the pass.</param>
    /// <param name="groups">
    /// Where the groups are kept; if they are found already they are used, and no patch is compared.
    /// </param>
    public float[][] Run(
        float[] guide, Func<IGroupEstimate> estimate, Action<double>? advanced, CancellationToken cancel,
        FoundGroups? groups = null)
    {
        Aggregate[] bands = Collected(guide, PageWindow.Single, estimate, groups, advanced, cancel);
        float[][] result = new float[_channels][];
        for (int c = 0; c < _channels; c++)
        {
            result[c] = new float[_width * _height];
        }

        Bands.ForEach(
            _height, _run.Threads, (from, to) => Merge(bands, result, from, to), advanced: null, cancel);
        return result;
    }

    /// <summary>
    /// Adds the estimates that groups around the patches of a window's own page make of all its pages to the sums of
    /// these pages.
    /// </summary>
    /// <param name="guide">Where patches are compared: pages one after the other.</param>
    /// <param name="window">The pages.</param>
    /// <param name="estimate">Makes a worker's estimate of groups.</param>
    /// <param name="sums">Of each page of the window, its own first.</param>
    /// <param name="cancel">Stops the pass.</param>
    public void AddTo(
        float[] guide, PageWindow window, Func<IGroupEstimate> estimate, IReadOnlyList<PageSums> sums,
        CancellationToken cancel)
    {
        Aggregate[] bands = Collected(guide, window, estimate, groups: null, advanced: null, cancel);
        Bands.ForEach(
            _height,
            _run.Threads,
            (from, to) =>
            {
                for (int page = 0; page < window.Count; page++)
                {
                    sums[page].Add(bands, page, from, to);
                }
            },
            advanced: null,
            cancel);
    }

    /// <summary>The sums of each band of reference patches.</summary>
    private Aggregate[] Collected(
        float[] guide, PageWindow window, Func<IGroupEstimate> estimate, FoundGroups? groups,
        Action<double>? advanced, CancellationToken cancel)
    {
        var workers = new Workers(_run.Threads);
        var work = new BandWork(this, guide, window, estimate, workers.Count, groups, advanced);
        workers.Run(work, work.Grid.Bands, cancel);
        groups?.Complete();
        return work.Sums;
    }

    private void Merge(Aggregate[] sums, float[][] result, int from, int to)
    {
        float[] weight = new float[_width];
        for (int c = 0; c < _channels; c++)
        {
            for (int y = from; y < to; y++)
            {
                Span<float> row = result[c].AsSpan(y * _width, _width);
                weight.AsSpan().Clear();
                foreach (Aggregate band in sums)
                {
                    band.AddRow(0, c, y, row, weight);
                }

                for (int x = 0; x < row.Length; x++)
                {
                    row[x] /= weight[x];
                }
            }
        }
    }

    private sealed class BandWork : IWork
    {
        private readonly NonLocalPass _pass;
        private readonly float[] _guide;
        private readonly PageWindow _window;
        private readonly IGroupEstimate[] _estimates;
        private readonly PatchSearch[] _searches;
        private readonly int[][] _positions;
        private readonly FoundGroups? _groups;
        private readonly Action<double>? _advanced;
        private readonly Lock _telling = new();
        private int _done;

        public BandWork(
            NonLocalPass pass, float[] guide, PageWindow window, Func<IGroupEstimate> estimate, int workers,
            FoundGroups? groups, Action<double>? advanced)
        {
            (_pass, _guide, _window, _groups, _advanced) = (pass, guide, window, groups, advanced);
            PatchSearchSettings settings = pass._settings;
            _searches =
            [
                .. Enumerable.Range(0, workers).Select(_ => new PatchSearch(settings, ReferenceGrid.BandRows))
            ];
            _estimates = [.. Enumerable.Range(0, workers).Select(_ => estimate())];
            _positions = [.. Enumerable.Range(0, workers).Select(_ => new int[settings.GroupSize])];
            Grid = new ReferenceGrid(pass._width, pass._height, settings.Patch, settings.Step, _searches[0].MaxColumns);
            Sums = new Aggregate[Grid.Bands];
            if (groups is { AreFound: false })
            {
                groups.Begin(Grid.Bands, settings.GroupSize);
            }
        }

        public ReferenceGrid Grid { get; }

        public Aggregate[] Sums { get; }

        public void Run(int item, int worker)
        {
            PatchSearch search = _searches[worker];
            PatchSearchSettings settings = _pass._settings;
            GridTile[] tiles = [.. Grid.Tiles(item)];
            int top = Math.Max(0, tiles[0].Y - settings.Radius);
            int bottom = Math.Min(
                _pass._height, tiles[0].Y + ((tiles[0].Rows - 1) * settings.Step) + settings.Patch + settings.Radius);
            var sums = new Aggregate(_pass._channels, _pass._width, _pass._height, top, bottom - top, _window);
            bool finds = _groups is not { AreFound: true };
            if (finds)
            {
                _groups?.BeginBand(item, tiles.Sum(static tile => tile.Columns * tile.Rows));
            }

            int number = 0;
            foreach (GridTile tile in tiles)
            {
                if (finds)
                {
                    search.Search(_guide, _pass._width, _pass._height, tile, _window);
                }

                for (int row = 0; row < tile.Rows; row++)
                {
                    // The last of a tile is never left out: pixels at the image's rim may have no other patch.
                    for (int column = 0; column < tile.Columns;)
                    {
                        ReadOnlySpan<int> group = finds
                            ? Find(item, worker, number, column, row)
                            : _groups!.Group(item, number);
                        number++;
                        int steps = _estimates[worker].Add(group, sums);
                        column = Math.Max(column + 1, Math.Min(column + steps, tile.Columns - 1));
                    }
                }
            }

            Sums[item] = sums;
            lock (_telling)
            {
                _advanced?.Invoke((double)++_done / Grid.Bands);
            }
        }

        private ReadOnlySpan<int> Find(int band, int worker, int number, int column, int row)
        {
            int count = _searches[worker].Group(column, row, _positions[worker]);
            ReadOnlySpan<int> group = _positions[worker].AsSpan(0, count);
            _groups?.Keep(band, number, group);
            return group;
        }
    }
}
