using Klar.Numerics;

namespace Klar.Networks;

/// <summary>
/// Binary cross entropy of s = 1 / (1 + e^−z) with a target from 0 to 1, on the network's output z before the
/// sigmoid, where
/// neither overflows: −t ln s − (1 − t) ln (1 − s) = max(z, 0) − z t + ln(1 + e^−|z|), with slope s − t.
/// </summary>
internal readonly struct BinaryCrossEntropy : ILoss
{
    public static (double Loss, float Slope) Of(float output, float target)
    {
        double e = Elementary.Exp(-Math.Abs((double)output));
        double share = (output > 0 ? 1 : e) / (1 + e);
        return (Math.Max(output, 0.0) - ((double)output * target) + Elementary.Log(1 + e), (float)(share - target));
    }
}
