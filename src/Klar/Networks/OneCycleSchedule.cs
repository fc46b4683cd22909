namespace Klar.Networks;

/// <summary>
/// A rate that rises to its highest and falls to almost nothing, along half cosines (Smith and Topin, 2018); the
/// defaults are those of PyTorch's OneCycleLR: a rise over 30 % of the steps from 1/25, a fall to 1e-4 of the
/// beginning.
/// </summary>
internal sealed record OneCycleSchedule(
    double Highest, int Steps, double Rise = 0.3, double First = 1 / 25.0, double Last = 1e-4) : ISchedule
{
    public double At(int step)
    {
        double top = (Rise * Steps) - 1;
        double end = Steps - 1;
        double at = Math.Min(step - 1, end);
        return at <= top
            ? CosineSchedule.Between(First * Highest, Highest, top > 0 ? at / top : 1)
            : CosineSchedule.Between(Highest, First * Last * Highest, (at - top) / (end - top));
    }
}
