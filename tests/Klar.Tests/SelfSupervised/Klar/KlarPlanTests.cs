using Klar.SelfSupervised.Klar;

namespace Klar.Tests.SelfSupervised.Klar;

public sealed class KlarPlanTests
{
    [Theory]
    [InlineData(64, true)]
    [InlineData(96, false)]
    [InlineData(128, false)]
    [InlineData(144, false)]
    [InlineData(145, true)]
    public void Fast_trains_no_network_where_a_second_patch_method_is_worth_as_much(int side, bool trains)
    {
        var fast = new KlarOptions { Effort = Effort.Fast };
        Assert.Equal(trains, KlarPlan.For(fast, noise: null, side * side).Steps > 0);
        Assert.Equal(20, KlarPlan.For(fast with { Steps = 20 }, noise: null, side * side).Steps);
    }
}
