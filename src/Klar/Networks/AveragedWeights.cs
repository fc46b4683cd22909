using Klar.Numerics;

namespace Klar.Networks;

/// <summary>
/// An exponential moving average of parameters, ā = d ā + (1 − d) w after every step, begun at the first step's own weights.
/// </summary>
internal sealed class AveragedWeights(int parameters, double decay)
{
    private readonly float[] _average = new float[parameters];
    private bool _begun;

    /// <summary>The average, in the order of the parameters.</summary>
    public ReadOnlySpan<float> Values => _average;

    /// <summary>Takes in the parameters of one more step.</summary>
    public void Add(ReadOnlySpan<float> parameters)
    {
        if (!_begun)
        {
            parameters.CopyTo(_average);
            _begun = true;
            return;
        }

        Pixelwise.MoveTowards(parameters, (float)(1 - decay), _average);
    }
}
