using Klar.Numerics;

namespace Klar.Networks;

/// <summary>
/// An exponential moving average of parameters, ā = d ā + (1 − d) w after every step, begun at the first step's own
/// weights.
/// </summary>
internal sealed class AveragedWeights(int parameters, double decay)
{
    private readonly float[] _average = new float[parameters];
    private bool _begun;

    /// <summary>The average, in the order of the parameters.</summary>
    public ReadOnlySpan<float> Values => _average;

    /// <summary>Goes on from the average of another run.</summary>
    public void GoOn(ReadOnlySpan<float> average)
    {
        average.CopyTo(_average);
        _begun = true;
    }

    /// <summary>Takes in the parameters of one more step.</summary>
    public void Add(ReadOnlySpan<float> parameters) => Add(parameters, 1 - decay);

    /// <summary>
    /// The same for an average that begins with a training: by <paramref name="step"/>, from 1, it forgets 9 / (step +
    /// 10), until
    /// that is less than usual.
    /// </summary>
    public void AddEarly(ReadOnlySpan<float> parameters, int step) =>
        Add(parameters, Math.Max(1 - decay, 9.0 / (step + 10)));

    private void Add(ReadOnlySpan<float> parameters, double share)
    {
        if (!_begun)
        {
            parameters.CopyTo(_average);
            _begun = true;
            return;
        }

        Pixelwise.MoveTowards(parameters, (float)share, _average);
    }
}
