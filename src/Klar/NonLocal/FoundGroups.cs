namespace Klar.NonLocal;

/// <summary>The groups of a whole pass, kept for the passes after it that use the same ones.</summary>
internal sealed class FoundGroups
{
    private int[]?[] _positions = [];
    private int[]?[] _counts = [];
    private int _groupSize;

    /// <summary>Whether a pass has filled it.</summary>
    public bool AreFound { get; private set; }

    /// <summary>Makes room for the groups of so many bands.</summary>
    public void Begin(int bands, int groupSize) =>
        (_positions, _counts, _groupSize) = (new int[bands][], new int[bands][], groupSize);

    /// <summary>Says that all bands have been filled.</summary>
    public void Complete() => AreFound = true;

    /// <summary>Room for the groups of a band.</summary>
    public void BeginBand(int band, int groups) =>
        (_positions[band], _counts[band]) = (new int[groups * _groupSize], new int[groups]);

    /// <summary>Keeps group <paramref name="number"/> of a band.</summary>
    public void Keep(int band, int number, ReadOnlySpan<int> positions)
    {
        positions.CopyTo(_positions[band].AsSpan(number * _groupSize));
        _counts[band]![number] = positions.Length;
    }

    /// <summary>Group <paramref name="number"/> of a band.</summary>
    public ReadOnlySpan<int> Group(int band, int number) =>
        _positions[band].AsSpan(number * _groupSize, _counts[band]![number]);
}
