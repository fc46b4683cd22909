namespace Klar.Networks;

/// <summary>A learning rate that is multiplied by a factor after every so many steps.</summary>
internal sealed record StepSchedule(double Rate, int Every, double Factor) : ISchedule
{
    /// <summary>The rate of step <paramref name="step"/>, counted from 1.</summary>
    public double At(int step)
    {
        double rate = Rate;
        for (int drops = (step - 1) / Every; drops > 0; drops--)
        {
            rate *= Factor;
        }

        return rate;
    }
}
