using Klar.Networks;

namespace Klar.Tests.Networks;

public sealed class LossTests
{
    [Theory]
    [InlineData(0.5f, 0.25f, 0.0625, 0.5f)]
    [InlineData(-1, 1, 4, -4)]
    public void Squared_error(float output, float target, double loss, float slope) =>
        Equal<SquaredError>(output, target, loss, slope);

    [Theory]
    [InlineData(0.5f, 0.25f, 0.25, 1)]
    [InlineData(-1, 1, 2, -1)]
    [InlineData(1, 1, 0, 0)]
    public void Absolute_error(float output, float target, double loss, float slope) =>
        Equal<AbsoluteError>(output, target, loss, slope);

    [Theory]
    [InlineData(0, 0.3)]
    [InlineData(2.5, 0)]
    [InlineData(2.5, 1)]
    [InlineData(-3, 0.9)]
    public void Cross_entropy_is_that_of_the_sigmoid(double z, double target)
    {
        double s = 1 / (1 + Math.Exp(-z));
        double expected = (-target * Math.Log(s)) - ((1 - target) * Math.Log(1 - s));
        Equal<BinaryCrossEntropy>((float)z, (float)target, expected, (float)(s - target));
    }

    [Theory]
    [InlineData(500f, 0f, 500)]
    [InlineData(-500f, 1f, 500)]
    [InlineData(500f, 1f, 0)]
    public void Cross_entropy_does_not_overflow(float z, float target, double loss) =>
        Assert.Equal(loss, BinaryCrossEntropy.Of(z, target).Loss, 1e-9);

    [Fact]
    public void The_mean_over_a_crop_counts_every_channel_and_no_padding()
    {
        FeatureMap output = new(2, 3, 2), target = output.SameShape(), gradient = output.SameShape();
        output.Row(1)[output.Stride + 1] = 3;
        Assert.Equal(9.0 / 12, Loss.Of<SquaredError>(output, target, 12, gradient), 1e-12);
        Assert.Equal(0.5f, gradient.Row(1)[output.Stride + 1]);
        Assert.Equal(0.5f, gradient.Values.Sum());
    }

    private static void Equal<TLoss>(float output, float target, double loss, float slope)
        where TLoss : struct, ILoss
    {
        (double actualLoss, float actualSlope) = TLoss.Of(output, target);
        Assert.Equal(loss, actualLoss, 1e-6); // the float of z and t
        Assert.Equal(slope, actualSlope, 1e-6f);
    }
}
