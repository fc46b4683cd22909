using Klar.Numerics;

namespace Klar.SelfSupervised.Klar;

/// <summary>
/// One sample of six that training never sees as a target, so that the network's risk can be measured there: its noise is independent of all that was learnt.
/// </summary>
internal static class HeldBack
{
    private const int Rarity = 6;

    /// <summary>Which of <paramref name="count"/> samples are held back.</summary>
    public static bool[] Mask(ulong seed, int count)
    {
        var random = new CounterRandom(seed, RandomStream.HeldBack);
        bool[] mask = new bool[count];
        for (int i = 0; i < count; i++)
        {
            mask[i] = random.Below(Rarity, (ulong)i) == 0;
        }

        return mask;
    }
}
