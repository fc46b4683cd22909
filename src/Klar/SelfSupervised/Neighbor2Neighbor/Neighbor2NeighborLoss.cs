using Klar.Networks;
using Klar.SelfSupervised.Trained;

namespace Klar.SelfSupervised.Neighbor2Neighbor;

/// <summary>The loss of Neighbor2Neighbor on a crop y, with λ rising from 0 to 2 over the training.</summary>
/// <remarks>
/// Huang et al., CVPR 2021, eq. 12; f(y) is taken without gradient:
/// <code>
/// r = f(g₁(y)) − g₂(y)     e = g₁(f(y)) − g₂(f(y))     loss = |r|² + λ |r − e|²,   ∂/∂f(g₁) = 2 (r + λ (r − e))
/// </code>
/// </remarks>
internal sealed class Neighbor2NeighborLoss : ICropLoss
{
    private const double LastWeight = 2;

    private readonly SceneCrops _crops;
    private readonly NeighborPairs _pairs;
    private readonly ForwardPass _whole;
    private readonly NetworkPass _half;
    private readonly FeatureMap _target;
    private readonly FeatureMap _outputFirst;
    private readonly FeatureMap _outputSecond;
    private readonly int _batch;

    public Neighbor2NeighborLoss(
        Network network, PreparedWeights weights, GradientSum sum, SceneCrops crops, int size, int batch, ulong seed)
    {
        (_crops, _batch, _pairs) = (crops, batch, new NeighborPairs(seed, size, size));
        _whole = new ForwardPass(network, weights, sum.Winograd, size, size);
        _half = new NetworkPass(network, weights, sum, size / 2, size / 2);
        (_target, _outputFirst, _outputSecond) =
            (_half.Input.SameShape(), _half.Input.SameShape(), _half.Input.SameShape());
    }

    public double Add(ulong number, double done, CancellationToken cancel)
    {
        _crops.Fill(number, take: 0, _whole.Input);
        _pairs.Draw(number);
        _whole.Run(cancel);
        _pairs.Of(_whole.Output, _outputFirst, _outputSecond);
        _pairs.Of(_whole.Input, _half.Input, _target);
        _half.Forward(cancel);
        double loss = Difference((float)(LastWeight * done));
        _half.Backward(cancel);
        return loss;
    }

    private double Difference(float weight)
    {
        FeatureMap output = _half.Output, gradient = _half.OutputGradient;
        double sum = 0, count = (double)_batch * output.Channels * output.Width * output.Height;
        float scale = (float)(2 / count);
        for (int y = 0; y < output.Height; y++)
        {
            ReadOnlySpan<float> outputs = output.Row(y), targets = _target.Row(y), first = _outputFirst.Row(y),
                second = _outputSecond.Row(y);
            Span<float> slopes = gradient.Row(y);
            for (int i = 0; i < outputs.Length; i++)
            {
                // Padded channels are zero in all of them.
                float residual = outputs[i] - targets[i], beyond = residual - (first[i] - second[i]);
                slopes[i] = scale * (residual + (weight * beyond));
                sum += (residual * residual) + (weight * beyond * beyond);
            }
        }

        return sum / count;
    }
}
