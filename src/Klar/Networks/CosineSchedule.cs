namespace Klar.Networks;

/// <summary>
/// A rate that falls along half a cosine from its value at the first step to <paramref name="Last"/> at the last
/// (Loshchilov and Hutter, ICLR 2017, without restarts), and stays there.
/// </summary>
internal sealed record CosineSchedule(double Rate, int Steps, double Last = 0) : ISchedule
{
    public double At(int step) => Between(Rate, Last, Math.Clamp((step - 1) / (double)Math.Max(1, Steps - 1), 0, 1));

    /// <summary>From <paramref name="from"/> at t = 0 to <paramref name="to"/> at t = 1, level at both ends.</summary>
    internal static double Between(double from, double to, double t) =>
        to + ((from - to) * 0.5 * (1 + Numerics.Elementary.CosPi(t)));
}
