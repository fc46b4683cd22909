using Klar.Catalogue;
using Klar.Formats.Denoising;

namespace Klar.Cli.Tests;

/// <summary>Whether a page is taken whole, which its result depends on, is no matter of the machine.</summary>
public sealed class MemoryPlanTests
{
    private const long Tight = 600L << 20;

    [Theory]
    [InlineData("klar", 6000)]
    [InlineData("bm3d", 6000)]
    [InlineData("prior", 1500)]
    [InlineData("neighbor2neighbor", 1500)]
    public void Tiles_do_not_depend_on_threads(string method, int side)
    {
        foreach (long? most in (long?[])[null, Tight * side / 1500])
        {
            MemoryPlan[] plans =
                [.. ((int[])[1, 2, 16, 256]).Select(threads => Plan(method, side, most, threads))];
            Assert.Single(plans.Select(static plan => plan.TileSide).Distinct());
            Assert.All(plans, plan => Assert.InRange(plan.Bytes, 1, most ?? MemoryPlan.Default));
            Assert.Equal(1, plans[0].Threads);
        }
    }

    [Fact]
    public void A_network_gets_the_threads_that_fit()
    {
        Assert.Equal(16, Plan("median", 8000, 2L << 30, threads: 16).Threads);
        Assert.InRange(Plan("prior", 2048, 1L << 30, threads: 16).Threads, 2, 6);
    }

    [Fact]
    public void Free_memory_is_what_the_system_can_give()
    {
        string[] lines = ["MemTotal:       24684092 kB", "MemAvailable:    2048 kB", "SwapFree:            1024 kB"];
        Assert.Equal(3L << 20, MachineMemory.Free(lines));
        Assert.Equal(2L << 20, MachineMemory.Free(lines[..2]));
        Assert.Null(MachineMemory.Free(lines[..1]));
        Assert.InRange(MachineMemory.Available, 1, MachineMemory.Limit);
    }

    [Theory]
    [InlineData(512, 512, 1)]
    [InlineData(1431, 1431, 1)]
    [InlineData(1432, 1432, 5)]
    [InlineData(4096, 2160, 5)]
    [InlineData(30000, 100, 5)]
    [InlineData(90, 40000, 5)]
    public void Parts_that_stand_for_a_page_do_not_overlap(int width, int height, int count)
    {
        IReadOnlyList<(int X, int Y, int Width, int Height)> parts = LargePage.Places(width, height);
        Assert.Equal(count, parts.Count);
        Assert.All(parts, part => Assert.True(
            part.X >= 0 && part.Y >= 0 && part.X + part.Width <= width && part.Y + part.Height <= height));
        Assert.DoesNotContain(
            parts.SelectMany((one, i) => parts.Take(i), static (one, other) => (One: one, Other: other)),
            static pair => Meet(pair.One.X, pair.One.Width, pair.Other.X, pair.Other.Width)
                && Meet(pair.One.Y, pair.One.Height, pair.Other.Y, pair.Other.Height));
    }

    private static MemoryPlan Plan(string method, int side, long? most, int threads) =>
        MemoryPlan.For(method, MethodCatalogue.Find(method)!.Memory, side, side, 1, most, threads);

    private static bool Meet(int from, int length, int otherFrom, int otherLength) =>
        from < otherFrom + otherLength && otherFrom < from + length;
}
