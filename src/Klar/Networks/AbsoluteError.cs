namespace Klar.Networks;

/// <summary>Mean absolute error, Σ |o − t| / N; the slope at equality is 0.</summary>
internal readonly struct AbsoluteError : ILoss
{
    public static (double Loss, float Slope) Of(float output, float target)
    {
        float difference = output - target;
        return (Math.Abs((double)difference), Math.Sign(difference));
    }
}
