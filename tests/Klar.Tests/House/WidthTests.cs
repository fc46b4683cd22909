using System.Globalization;
using System.Runtime.Intrinsics;
using Klar.Numerics;

namespace Klar.Tests.House;

[Trait("Category", "Kernel")]
public sealed class WidthTests
{
    [Fact]
    public void This_run_uses_the_width_that_it_was_started_for()
    {
        if (Environment.GetEnvironmentVariable("KLAR_EXPECT_LANES") is { } lanes)
        {
            Assert.Equal(int.Parse(lanes, CultureInfo.InvariantCulture), LaneKernel.Widest);
        }
    }

    [Fact]
    public void This_run_has_the_hardware_that_it_was_started_for()
    {
        // Four lanes are SSE or the framework's software; KLAR_EXPECT_HARDWARE says which.
        if (Environment.GetEnvironmentVariable("KLAR_EXPECT_HARDWARE") is { } expected)
        {
            Assert.Equal(expected == "1", Vector128.IsHardwareAccelerated);
        }
    }
}
