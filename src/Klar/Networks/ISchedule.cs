namespace Klar.Networks;

/// <summary>A learning rate for each step.</summary>
internal interface ISchedule
{
    /// <summary>The rate of step <paramref name="step"/>, counted from 1.</summary>
    double At(int step);
}
