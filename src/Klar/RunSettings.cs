namespace Klar;

/// <summary>What a run takes from outside: threads, chance and time. The result depends on the seed alone.</summary>
public sealed record RunSettings
{
    /// <summary>The most threads to use, at least 1. The default is what the process may use.</summary>
    public int Threads { get; init => field = Require.Within(value, 1, 1024); } = Math.Max(1, Environment.ProcessorCount);

    /// <summary>Seed of every random draw.</summary>
    public ulong Seed { get; init; }

    /// <summary>Networks of the runs before, for methods that train one; null to begin anew.</summary>
    public WarmStart? WarmStart { get; init; }

    /// <summary>The clock that times the run.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
