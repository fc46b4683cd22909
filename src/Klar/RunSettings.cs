using Klar.Numerics;

namespace Klar;

/// <summary>What a run takes from outside: threads, chance and time. The result depends on the seed alone.</summary>
public sealed record RunSettings
{
    /// <summary>The most threads to use, at least 1. The default is what the process may use.</summary>
    public int Threads
    {
        get;
        init => field = Require.Within(value, 1, 1024);
    } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>Seed of every random draw.</summary>
    public ulong Seed { get; init; }

    /// <summary>Networks of the runs before, for methods that train one; null to begin anew.</summary>
    public WarmStart? WarmStart { get; init; }

    /// <summary>What all pages of a stack have in common; null where the image stands alone.</summary>
    public StackStatistics? Stack { get; init; }

    /// <summary>Where a page meets its neighbours; null where it stands alone.</summary>
    internal IPageExchange? Pages { get; init; }

    /// <summary>The clock that times the run.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>
    /// The settings for a page of a stack, whose seed is a function of this seed, the file and the page: pages draw
    /// independently, in any order and however they are divided among runs.
    /// </summary>
    /// <param name="file">A number that stands for the file's content.</param>
    /// <param name="page">The page's number in the file.</param>
    public RunSettings ForPage(ulong file, int page)
    {
        var random = new CounterRandom(Seed, RandomStream.Pages);
        return this with { Seed = BitConverter.DoubleToUInt64Bits(random.Uniform(file, draw: (uint)page)) };
    }
}
