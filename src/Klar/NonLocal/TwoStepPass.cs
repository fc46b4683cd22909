namespace Klar.NonLocal;

/// <summary>Runs a method of two steps on a page that stands alone.</summary>
internal static class TwoStepPass
{
    /// <param name="method">The steps.</param>
    /// <param name="channels">Row-major samples; not to be changed.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="firstShare">The first step's share of the time.</param>
    /// <param name="run">Threads.</param>
    /// <param name="advanced">Hears the share done, 0 to 1.</param>
    /// <param name="cancel">Ends it.</param>
    public static float[][] Run(
        ITwoSteps method, float[][] channels, int width, int height, double firstShare, RunSettings run,
        Action<double> advanced, CancellationToken cancel)
    {
        float[][] noisy = method.Forward(channels);
        float[][] pilot = new NonLocalPass(method.First, width, height, noisy.Length, run).Run(
            method.Guide(noisy),
            () => method.FirstEstimate(noisy, width),
            share => advanced(firstShare * share),
            cancel);
        float[][] result = new NonLocalPass(method.Second, width, height, noisy.Length, run).Run(
            method.Guide(pilot),
            () => method.SecondEstimate(noisy, pilot, width),
            share => advanced(firstShare + ((1 - firstShare) * share)),
            cancel);
        return method.Inverse(result);
    }
}
