using Klar.Numerics;

namespace Klar.NonLocal;

/// <summary>
/// Finds, for the patches on a tile of the reference grid, the most similar patches in a window around each, on a
/// guide image, and in smaller windows on neighbouring pages. Memory of one worker, laid out once.
/// </summary>
/// <remarks>
/// The order within a group is by distance, among equal ones by page and by how near the patch lies (and then by row
/// and column), so the reference itself is always first. A patch lies wholly inside the image.
/// </remarks>
internal sealed class PatchSearch
{
    /// <summary>Lanes of a tile that are searched at once.</summary>
    private const int MaxLanes = 64;

    // A squared difference to what lies outside is larger than any limit, and a sum of them is still finite.
    private const float Outside = 1e18f;

    private readonly PatchSearchSettings _settings;
    private readonly (int X, int Y)[] _displacements;
    private readonly (int X, int Y)[] _onOtherPages;
    private readonly NearestKeys _nearest;
    private readonly PatchGridMemory _memory;
    private readonly int[] _ranks;
    private readonly int _phaseLength;
    private readonly int _reach;
    private readonly int _rowsOfPage;
    private PageWindow _pages = PageWindow.Single;
    private int _pixels;
    private int _lanes;
    private GridTile _tile;
    private int _width;

    public PatchSearch(PatchSearchSettings settings, int mostRows)
    {
        _settings = settings;
        int radius = settings.Radius;
        _reach = (settings.Patch + settings.Step - 1) / settings.Step;
        _displacements = Displacements(radius);
        _onOtherPages = Displacements(settings.RadiusOnOtherPages);
        _nearest = new NearestKeys(MaxLanes * mostRows, settings.GroupSize);
        _phaseLength = MaxLanes + _reach + (((2 * radius) + settings.Step) / settings.Step);
        _rowsOfPage = ((mostRows + _reach) * settings.Step) + (2 * radius);
        int rows = settings.RadiusOnOtherPages > 0 ? 2 * _rowsOfPage : _rowsOfPage;
        _memory = new PatchGridMemory(_nearest, rows, _phaseLength * settings.Step, MaxLanes, mostRows + _reach);
        _ranks = new int[settings.GroupSize];
    }

    /// <summary>The most grid columns of a tile.</summary>
    public int MaxColumns => MaxLanes - _reach + 1;

    /// <summary>Searches for all patches of <paramref name="tile"/>.</summary>
    /// <param name="guide">The pages that <paramref name="pages"/> counts, one after the other, row-major.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="height">Rows of a page.</param>
    /// <param name="tile">Where the reference patches lie on the window's own page.</param>
    /// <param name="pages">The page of the reference patches and those that are searched beside it.</param>
    public void Search(ReadOnlySpan<float> guide, int width, int height, GridTile tile, PageWindow pages)
    {
        (_tile, _width, _pages, _pixels) = (tile, width, pages, width * height);
        _lanes = (tile.Columns + _reach - 1 + 15) / 16 * 16;
        _nearest.Reset(_settings.Limit, tile.Columns, _lanes, tile.Rows);
        LayOut(guide.Slice(pages.Own * _pixels, _pixels), width, height, _settings.Radius, firstRow: 0);
        Compare(_displacements, _settings.Radius, candidateRow: 0, firstRank: 0);
        for (int i = 0; i < pages.Others.Count; i++)
        {
            ReadOnlySpan<float> page = guide.Slice(pages.Others[i] * _pixels, _pixels);
            LayOut(page, width, height, _settings.RadiusOnOtherPages, _rowsOfPage);
            int firstRank = _displacements.Length + (i * _onOtherPages.Length);
            Compare(_onOtherPages, _settings.RadiusOnOtherPages, _rowsOfPage, firstRank);
        }
    }

    /// <summary>
    /// The group of grid point (<paramref name="column"/>, <paramref name="row"/>) of the tile: indices of the
    /// patches' first samples, the reference's own first. Returns how many there are.
    /// </summary>
    public int Group(int column, int row, Span<int> positions)
    {
        int count = _nearest.Take((row * _lanes) + column, _ranks);
        int reference = ((_tile.Y + (row * _settings.Step)) * _width) + _tile.X + (column * _settings.Step);
        for (int i = 0; i < count; i++)
        {
            (int page, (int dx, int dy)) = Candidate(_ranks[i]);
            positions[i] = (page * _pixels) + reference + (dy * _width) + dx;
        }

        return count;
    }

    private (int Page, (int X, int Y) Displacement) Candidate(int rank)
    {
        int beyond = rank - _displacements.Length;
        return beyond < 0
            ? (_pages.Own, _displacements[rank])
            : (_pages.Others[beyond / _onOtherPages.Length], _onOtherPages[beyond % _onOtherPages.Length]);
    }

    private void Compare((int X, int Y)[] displacements, int radius, int candidateRow, int firstRank)
    {
        switch (_settings.Patch, _settings.Step)
        {
            case (6, 3): Compare<Patch6By3>(displacements, radius, candidateRow, firstRank); break;
            case (8, 3): Compare<Patch8By3>(displacements, radius, candidateRow, firstRank); break;
            case (11, 3): Compare<Patch11By3>(displacements, radius, candidateRow, firstRank); break;
            case (7, 4): Compare<Patch7By4>(displacements, radius, candidateRow, firstRank); break;
            case (8, 4): Compare<Patch8By4>(displacements, radius, candidateRow, firstRank); break;
            case (9, 4): Compare<Patch9By4>(displacements, radius, candidateRow, firstRank); break;
            case (11, 4): Compare<Patch11By4>(displacements, radius, candidateRow, firstRank); break;
            default:
                throw new NotSupportedException(
                    $"Patches of {_settings.Patch} by steps of {_settings.Step}: add their shape to PatchShapes.");
        }
    }

    /// <summary>
    /// Offers the patches at all displacements; the page they lie on is laid out from
    /// <paramref name="candidateRow"/> on, with <paramref name="radius"/> pixels around the tile.
    /// </summary>
    private void Compare<TShape>((int X, int Y)[] displacements, int radius, int candidateRow, int firstRank)
        where TShape : struct, IPatchShape
    {
        int own = _settings.Radius;
        Span<int> referencePhases = stackalloc int[TShape.Step];
        Span<int> candidatePhases = stackalloc int[TShape.Step];
        Phases(own, referencePhases);
        for (int i = 0; i < displacements.Length; i++)
        {
            (int dx, int dy) = displacements[i];
            Phases(radius + dx, candidatePhases);
            LaneKernel.Run(
                new PatchDistances<TShape>(
                    _memory, own, candidateRow + radius + dy, referencePhases, candidatePhases, _lanes, _tile.Rows,
                    firstRank + i),
                _lanes);
        }
    }

    /// <summary>All displacements of a window, the nearest first.</summary>
    private static (int X, int Y)[] Displacements(int radius)
    {
        IEnumerable<int> side = Enumerable.Range(-radius, (2 * radius) + 1);
        return
        [
            .. side.SelectMany(y => side.Select(x => (X: x, Y: y)))
                .OrderBy(static d => (d.X * d.X) + (d.Y * d.Y)).ThenBy(static d => d.Y).ThenBy(static d => d.X),
        ];
    }

    private void Phases(int column, Span<int> phases)
    {
        for (int k = 0; k < phases.Length; k++)
        {
            phases[k] = ((column + k) % _settings.Step * _phaseLength) + ((column + k) / _settings.Step);
        }
    }

    /// <summary>The tile and <paramref name="radius"/> pixels around it, each row by phase.</summary>
    private void LayOut(ReadOnlySpan<float> page, int width, int height, int radius, int firstRow)
    {
        int step = _settings.Step;
        int rows = ((_tile.Rows + _reach) * step) + (2 * radius);
        for (int row = 0; row < rows; row++)
        {
            Span<float> to = _memory.RowsFrom(firstRow + row)[.._memory.RowLength];
            int y = _tile.Y - radius + row;
            if (y < 0 || y >= height)
            {
                to.Fill(Outside);
                continue;
            }

            ReadOnlySpan<float> from = page.Slice(y * width, width);
            for (int phase = 0; phase < step; phase++)
            {
                int x = _tile.X - radius + phase;
                for (int i = 0; i < _phaseLength; i++, x += step)
                {
                    to[(phase * _phaseLength) + i] = (uint)x < (uint)width ? from[x] : Outside;
                }
            }
        }
    }
}
