namespace Klar.Networks;

/// <summary>
/// A rate that is kept, and falls to 0 along half a cosine over the last <paramref name="Share"/> of the steps.
/// </summary>
internal sealed record RampDownSchedule(double Rate, int Steps, double Share = 0.3) : ISchedule
{
    public double At(int step) =>
        CosineSchedule.Between(Rate, 0, Math.Clamp((step - 1 - ((1 - Share) * Steps)) / (Share * Steps), 0, 1));
}
