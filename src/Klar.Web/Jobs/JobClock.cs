namespace Klar.Web.Jobs;

/// <summary>How long a job may still take.</summary>
internal static class JobClock
{
    // Before that a job measures and plans, at another pace than it works: what it took says nothing of what it takes.
    private const double MinFraction = 0.1;
    private const double MinSeconds = 2;

    /// <summary>The time left, were it to go on as it went; null while that would be a guess.</summary>
    public static double? SecondsLeft(Job job, DateTimeOffset now)
    {
        if (job is not { State: JobState.Running, Started: { } started, Fraction: > MinFraction and < 1 })
        {
            return null;
        }

        double elapsed = (now - started).TotalSeconds;
        return elapsed < MinSeconds ? null : elapsed * (1 - job.Fraction) / job.Fraction;
    }
}
