namespace Klar.Networks;

/// <summary>Mean squared error, Σ (o − t)² / N.</summary>
internal readonly struct SquaredError : ILoss
{
    public static (double Loss, float Slope) Of(float output, float target)
    {
        float difference = output - target;
        return ((double)difference * difference, 2 * difference);
    }
}
