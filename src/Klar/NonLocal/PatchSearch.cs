using Klar.Numerics;

namespace Klar.NonLocal;

/// <summary>
/// Finds, for the patches on a tile of the reference grid, the most similar patches in a window around each, on a guide image.
/// Memory of one worker, laid out once.
/// </summary>
/// <remarks>
/// The order within a group is by distance, among equal ones by how near the patch lies (and then by row and column), so the
/// reference itself is always first. A patch lies wholly inside the image.
/// </remarks>
internal sealed class PatchSearch
{
    /// <summary>Lanes of a tile that are searched at once.</summary>
    private const int MostLanes = 64;

    // A squared difference to what lies outside is larger than any limit, and a sum of them is still finite.
    private const float Outside = 1e18f;

    private readonly PatchSearchSettings _settings;
    private readonly (int X, int Y)[] _displacements;
    private readonly NearestKeys _nearest;
    private readonly PatchGridMemory _memory;
    private readonly int[] _ranks;
    private readonly int _phaseLength;
    private readonly int _reach;
    private int _lanes;
    private GridTile _tile;
    private int _width;

    public PatchSearch(PatchSearchSettings settings, int mostRows)
    {
        _settings = settings;
        int radius = settings.Radius;
        _reach = (settings.Patch + settings.Step - 1) / settings.Step;
        _displacements = [.. Displacements(radius).OrderBy(static d => (d.X * d.X) + (d.Y * d.Y)).ThenBy(static d => d.Y).ThenBy(static d => d.X)];
        _nearest = new NearestKeys(MostLanes * mostRows, settings.GroupSize);
        _phaseLength = MostLanes + _reach + (((2 * radius) + settings.Step) / settings.Step);
        int rows = ((mostRows + _reach) * settings.Step) + (2 * radius);
        _memory = new PatchGridMemory(_nearest, rows, _phaseLength * settings.Step, MostLanes, mostRows + _reach);
        _ranks = new int[settings.GroupSize];
    }

    /// <summary>The most grid columns of a tile.</summary>
    public int MostColumns => MostLanes - _reach + 1;

    /// <summary>Searches for all patches of <paramref name="tile"/>.</summary>
    public void Search(ReadOnlySpan<float> guide, int width, int height, GridTile tile)
    {
        int step = _settings.Step;
        (_tile, _width) = (tile, width);
        _lanes = (tile.Columns + _reach - 1 + 15) / 16 * 16;
        _nearest.Reset(_settings.Limit, tile.Columns, _lanes, tile.Rows);
        LayOut(guide, width, height);

        switch (_settings.Patch, step)
        {
            case (6, 3): Compare<Patch6By3>(); break;
            case (8, 3): Compare<Patch8By3>(); break;
            case (11, 3): Compare<Patch11By3>(); break;
            case (7, 4): Compare<Patch7By4>(); break;
            case (8, 4): Compare<Patch8By4>(); break;
            case (9, 4): Compare<Patch9By4>(); break;
            case (11, 4): Compare<Patch11By4>(); break;
            default: throw new NotSupportedException($"Patches of {_settings.Patch} by steps of {step}: add their shape to PatchShapes.");
        }
    }

    /// <summary>
    /// The group of grid point (<paramref name="column"/>, <paramref name="row"/>) of the tile: indices of the patches' first samples, the
    /// reference's own first. Returns how many there are.
    /// </summary>
    public int Group(int column, int row, Span<int> positions)
    {
        int count = _nearest.Take((row * _lanes) + column, _ranks);
        int reference = ((_tile.Y + (row * _settings.Step)) * _width) + _tile.X + (column * _settings.Step);
        for (int i = 0; i < count; i++)
        {
            (int dx, int dy) = _displacements[_ranks[i]];
            positions[i] = reference + (dy * _width) + dx;
        }

        return count;
    }

    private void Compare<TShape>()
        where TShape : struct, IPatchShape
    {
        int radius = _settings.Radius;
        Span<int> referencePhases = stackalloc int[TShape.Step];
        Span<int> candidatePhases = stackalloc int[TShape.Step];
        Phases(radius, referencePhases);
        for (int rank = 0; rank < _displacements.Length; rank++)
        {
            (int dx, int dy) = _displacements[rank];
            Phases(radius + dx, candidatePhases);
            LaneKernel.Run(
                new PatchDistances<TShape>(_memory, radius, radius + dy, referencePhases, candidatePhases, _lanes, _tile.Rows, rank), _lanes);
        }
    }

    private static IEnumerable<(int X, int Y)> Displacements(int radius) =>
        Enumerable.Range(-radius, (2 * radius) + 1).SelectMany(y => Enumerable.Range(-radius, (2 * radius) + 1).Select(x => (x, y)));

    private void Phases(int column, Span<int> phases)
    {
        for (int k = 0; k < phases.Length; k++)
        {
            phases[k] = ((column + k) % _settings.Step * _phaseLength) + ((column + k) / _settings.Step);
        }
    }

    /// <summary>The tile and the window around it, each row by phase.</summary>
    private void LayOut(ReadOnlySpan<float> guide, int width, int height)
    {
        int step = _settings.Step, radius = _settings.Radius;
        int rows = ((_tile.Rows + _reach) * step) + (2 * radius);
        for (int row = 0; row < rows; row++)
        {
            Span<float> to = _memory.RowsFrom(row)[.._memory.RowLength];
            int y = _tile.Y - radius + row;
            if (y < 0 || y >= height)
            {
                to.Fill(Outside);
                continue;
            }

            ReadOnlySpan<float> from = guide.Slice(y * width, width);
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
