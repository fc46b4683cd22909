using System.Runtime.CompilerServices;

namespace Klar.Numerics;

/// <summary>
/// For each of many slots the <c>keep</c> smallest keys of those offered, a key being a distance and, among equal
/// ones, the rank. What is kept does not depend on when it was offered, as long as ranks are offered in rising order.
/// </summary>
/// <remarks>
/// Keys wait in a buffer of twice the size; when it is full the smallest are selected, and from then on a key must be
/// below the largest of these: most candidates fail that one comparison.
/// </remarks>
internal sealed class NearestKeys
{
    private readonly int _keep;
    private readonly int _capacity;
    private readonly ulong[] _keys;
    private readonly int[] _counts;
    private readonly float[] _bounds;

    public NearestKeys(int slots, int keep)
    {
        _keep = keep;
        _capacity = (2 * keep) + 16;
        _keys = new ulong[slots * _capacity];
        _counts = new int[slots];
        _bounds = new float[slots];
    }

    /// <summary>What a distance must be below to be offered, slot by slot.</summary>
    public ReadOnlySpan<float> Bounds => _bounds;

    /// <summary>
    /// Empties all slots; <paramref name="limit"/> bounds those in use, nothing passes in the others.
    /// </summary>
    public void Reset(float limit, int used, int stride, int rows)
    {
        Array.Clear(_counts);
        _bounds.AsSpan().Fill(-1);
        for (int row = 0; row < rows; row++)
        {
            _bounds.AsSpan(row * stride, used).Fill(limit);
        }
    }

    /// <summary>Offers a distance, not negative and below the slot's bound.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Offer(int slot, float distance, int rank)
    {
        int count = _counts[slot];
        _keys[(slot * _capacity) + count] = ((ulong)BitConverter.SingleToUInt32Bits(distance) << 32) | (uint)rank;
        _counts[slot] = ++count;
        if (count == _capacity)
        {
            Select(slot);
        }
    }

    /// <summary>The ranks of the kept keys, nearest first; returns how many there are.</summary>
    public int Take(int slot, Span<int> ranks)
    {
        Span<ulong> keys = _keys.AsSpan(slot * _capacity, _counts[slot]);
        if (keys.Length > _keep)
        {
            Selection.Smallest(keys, _keep);
            keys = keys[.._keep];
        }

        keys.Sort();
        for (int i = 0; i < keys.Length; i++)
        {
            ranks[i] = (int)(uint)keys[i];
        }

        return keys.Length;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Select(int slot)
    {
        Span<ulong> keys = _keys.AsSpan(slot * _capacity, _capacity);
        Selection.Smallest(keys, _keep);
        ulong largest = 0;
        foreach (ulong key in keys[.._keep])
        {
            largest = Math.Max(largest, key);
        }

        _counts[slot] = _keep;
        _bounds[slot] = BitConverter.UInt32BitsToSingle((uint)(largest >> 32));
    }
}
