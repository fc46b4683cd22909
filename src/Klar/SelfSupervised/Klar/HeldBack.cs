using Klar.Numerics;

namespace Klar.SelfSupervised.Klar;

/// <summary>
/// The places whose samples training never sees as a target, so that the network's risk can be measured on them. Single samples, where the noise of
/// neighbours is independent; where it is not, blocks, since a neighbour's noise would tell.
/// </summary>
internal sealed class HeldBack(ulong seed, int width, bool correlated)
{
    // One of so many places.
    private const int Rarity = 6;

    private readonly CounterRandom _random = new(seed, RandomStream.Thinning);
    private readonly int _block = correlated ? 8 : 1;

    /// <summary>Whether sample number <paramref name="index"/> is held back.</summary>
    public bool Contains(int index) =>
        _random.Below(Rarity, ((ulong)(index / width / _block) * (ulong)width) + (ulong)(index % width / _block)) == 0;

    /// <summary>All of <paramref name="count"/> samples.</summary>
    public bool[] ToMask(int count)
    {
        bool[] mask = new bool[count];
        for (int i = 0; i < count; i++)
        {
            mask[i] = Contains(i);
        }

        return mask;
    }
}
