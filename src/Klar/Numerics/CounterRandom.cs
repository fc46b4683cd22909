namespace Klar.Numerics;

/// <summary>
/// Random numbers as a function of seed, stream and index, so that the order of the draws never matters. The generator
/// is Philox 4x32-10 (Salmon, Moraes, Dror, Shaw, «Parallel random numbers: as easy as 1, 2, 3», SC 2011).
/// </summary>
internal readonly struct CounterRandom(ulong seed, RandomStream stream)
{
    /// <summary>Uniform on the open interval (0, 1), with 52 bits.</summary>
    public double Uniform(ulong index, uint draw = 0)
    {
        (uint a, uint b, _, _) = Block(index, draw);
        return ToUnit(a, b);
    }

    /// <summary>Two independent uniforms on (0, 1).</summary>
    public (double First, double Second) TwoUniforms(ulong index, uint draw = 0)
    {
        (uint a, uint b, uint c, uint d) = Block(index, draw);
        return (ToUnit(a, b), ToUnit(c, d));
    }

    /// <summary>Standard normal: the inverse distribution function of a uniform.</summary>
    public double Normal(ulong index) => NormalQuantile.Of(Uniform(index));

    /// <summary>Uniform on 0..<paramref name="count"/> − 1.</summary>
    public int Below(int count, ulong index, uint draw = 0) => (int)(Uniform(index, draw) * count);

    /// <summary>Poisson with the given mean, 0 to 1e9; exact at every mean.</summary>
    public long Poisson(double mean, ulong index) => PoissonSampling.Draw(this, mean, index);

    /// <summary>
    /// How many of <paramref name="trials"/> come true, each with <paramref name="probability"/>, up to a half.
    /// </summary>
    public long Binomial(long trials, double probability, ulong index, uint draw = 0) =>
        BinomialSampling.Draw(this, trials, probability, index, draw);

    private static double ToUnit(uint high, uint low)
    {
        ulong bits = (((ulong)high << 32) | low) >> 12;
        return (bits + 0.5) * (1.0 / (1UL << 52));
    }

    private (uint A, uint B, uint C, uint D) Block(ulong index, uint draw) =>
        Philox((uint)index, (uint)(index >> 32), draw, (uint)stream, (uint)seed, (uint)(seed >> 32));

    /// <summary>Ten rounds of Philox on the counter (c0..c3) under the key (k0, k1).</summary>
    internal static (uint A, uint B, uint C, uint D) Philox(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1)
    {
        for (int round = 0; round < 10; round++)
        {
            ulong p0 = 0xD2511F53UL * c0;
            ulong p1 = 0xCD9E8D57UL * c2;
            (c0, c1, c2, c3) = ((uint)(p1 >> 32) ^ c1 ^ k0, (uint)p1, (uint)(p0 >> 32) ^ c3 ^ k1, (uint)p0);
            k0 += 0x9E3779B9;
            k1 += 0xBB67AE85;
        }

        return (c0, c1, c2, c3);
    }
}
