using System.Globalization;
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
}
