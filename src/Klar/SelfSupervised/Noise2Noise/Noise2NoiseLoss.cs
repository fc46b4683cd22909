using Klar.Networks;
using Klar.SelfSupervised.Trained;

namespace Klar.SelfSupervised.Noise2Noise;

/// <summary>The loss of Noise2Noise on a crop of two takes a and b of a scene: |f(a) − b|².</summary>
/// <remarks>Lehtinen et al., ICML 2018, eq. 6.</remarks>
internal sealed class Noise2NoiseLoss(
    Network network, PreparedWeights weights, GradientSum sum, SceneCrops crops, int size, int batch) : ICropLoss
{
    private readonly NetworkPass _pass = new(network, weights, sum, size, size);
    private readonly FeatureMap _target = new(network.Channels, size, size);

    public double Add(ulong number, double done, CancellationToken cancel)
    {
        crops.Fill(number, take: 0, _pass.Input);
        crops.Fill(number, take: 1, _target);
        _pass.Forward(cancel);
        double loss =
            Loss.Of<SquaredError>(_pass.Output, _target, batch * network.Channels * size * size, _pass.OutputGradient);
        _pass.Backward(cancel);
        return loss;
    }
}
