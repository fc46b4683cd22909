namespace Klar.NonLocal;

/// <summary>What a method makes of a group of similar patches. One for each worker.</summary>
internal interface IGroupEstimate
{
    /// <summary>
    /// Estimates the patches that begin at <paramref name="positions"/>, the reference first, and adds them to
    /// <paramref name="sums"/>. Returns how many steps of the grid to go on to the next reference, at least 1.
    /// </summary>
    int Add(ReadOnlySpan<int> positions, Aggregate sums);
}
