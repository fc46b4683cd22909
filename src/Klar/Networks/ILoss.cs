namespace Klar.Networks;

/// <summary>A loss as a sum over numbers, each with its slope.</summary>
internal interface ILoss
{
    /// <summary>The loss of one number and its derivative by <paramref name="output"/>.</summary>
    static abstract (double Loss, float Slope) Of(float output, float target);
}
