using Klar.Networks;
using Klar.Tests.Support;

namespace Klar.Tests.Networks;

/// <summary>
/// The UNet beside a second one in double precision that knows nothing of the engine: gradients, and ten training
/// steps.
/// </summary>
public sealed class UNetTests
{
    private const int Width = 64;
    private const int Height = 32;

    // The published slope, and none: where a unit stands at the rectifier's kink, rounding decides its side, and its
    // whole share of the gradient with it. Without a kink what is left is rounding alone.
    private const float Published = 0.1f;
    private const float Smooth = 1;
    private const double Rate = 1e-3;

    [Theory]
    [InlineData(1, 1_256_689)] // as PyTorch counts those of bench/peers/unet_torch.py
    [InlineData(3, 1_259_475)]
    public void It_has_the_published_shape(int channels, int parameters)
    {
        Network network = UNet.Of(channels, Published);
        Assert.Equal(
            parameters,
            network.Parameters.Layers.Sum(static layer => (layer.Inputs * layer.Outputs * layer.Taps) + layer.Outputs));
        Assert.Equal(channels, network.Outputs);
    }

    [Theory]
    [InlineData(Smooth, 2e-5)]
    [InlineData(Published, 5e-3)]
    public void Gradients_are_those_of_the_reference_and_of_central_differences(float slope, double tolerance)
    {
        var one = new Case(slope, Rate);
        double loss = one.Step(update: false);
        double expected = one.Reference.Loss(one.Input, one.Target);
        Assert.Equal(1, loss / expected, 1e-5);
        for (int l = 0; l < one.Reference.Weights.Length; l++)
        {
            Matches(
                one.Reference.WeightGradients[l], one.Network.Parameters.GetWeights(l, one.Gradient), tolerance,
                $"weights of {l}");
            Matches(
                one.Reference.BiasGradients[l],
                one.Gradient.AsSpan(one.Network.Parameters.BiasAt(l), one.Reference.Biases[l].Length), tolerance,
                $"biases of {l}");

            // The reference itself: its loss a little to both sides of a weight.
            double analytic = one.Reference.WeightGradients[l][7], kept = one.Reference.Weights[l][7];
            double At(double weight)
            {
                one.Reference.Weights[l][7] = weight;
                return one.Reference.Forward(one.Input).Values
                    .Zip(one.Target, static (o, t) => (o - t) * (o - t))
                    .Average();
            }

            double differences = (At(kept + 1e-6) - At(kept - 1e-6)) / 2e-6;
            one.Reference.Weights[l][7] = kept;
            Assert.True(
                Math.Abs(differences - analytic) <= (1e-4 * Math.Abs(analytic)) + 1e-8,
                $"layer {l}: {differences} by differences, {analytic}");
        }
    }

    [Theory]
    [InlineData(Smooth, 2e-5)]
    [InlineData(Published, 5e-3)]
    public void Ten_training_steps_are_those_of_the_reference(float slope, double tolerance)
    {
        double worst = WorstLossOfTenSteps(slope, Rate);
        Assert.True(worst < tolerance, $"{worst}");
    }

    [Fact]
    public void A_wrong_rate_would_not_pass_for_it() => Assert.True(WorstLossOfTenSteps(Smooth, 1.02 * Rate) > 1e-3);

    /// <summary>
    /// The largest relative difference of a step's loss, when the reference follows Adam's algorithm at the right
    /// rate.
    /// </summary>
    private static double WorstLossOfTenSteps(float slope, double rate)
    {
        var one = new Case(slope, rate);
        double[][] all = [.. one.Reference.Weights, .. one.Reference.Biases],
            gradients = [.. one.Reference.WeightGradients, .. one.Reference.BiasGradients];
        double[][] m = [.. all.Select(static a => new double[a.Length])],
            v = [.. all.Select(static a => new double[a.Length])];
        double worst = 0;
        for (int step = 1; step <= 10; step++)
        {
            double expected = one.Reference.Loss(one.Input, one.Target), loss = one.Step(update: true);
            worst = Math.Max(worst, Math.Abs((loss / expected) - 1));
            for (int a = 0; a < all.Length; a++)
            {
                for (int i = 0; i < all[a].Length; i++)
                {
                    double g = gradients[a][i];
                    m[a][i] = (0.9 * m[a][i]) + (0.1 * g);
                    v[a][i] = (0.99 * v[a][i]) + (0.01 * g * g);
                    all[a][i] -= Rate * (m[a][i] / (1 - Math.Pow(0.9, step)))
                        / (Math.Sqrt(v[a][i] / (1 - Math.Pow(0.99, step))) + 1e-8);
                }
            }
        }

        return worst;
    }

    private static void Matches(double[] expected, ReadOnlySpan<float> actual, double relative, string what)
    {
        double tolerance = relative * expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.True(
                Math.Abs(expected[i] - actual[i]) <= tolerance, $"{what}, {i}: {actual[i]} instead of {expected[i]}");
        }
    }

    /// <summary>
    /// A narrow UNet and its reference with the same weights, a picture and a target. Sixteen channels: enough for
    /// Winograd's transform.
    /// </summary>
    private sealed class Case
    {
        private readonly PreparedWeights _weights;
        private readonly GradientSum _sum;
        private readonly NetworkPass _pass;
        private readonly FeatureMap _target;
        private readonly ParameterUpdate _update;
        private readonly Adam _adam;
        private readonly double _rate;

        public Case(float slope, double rate)
        {
            _rate = rate;
            Network = UNet.Of(1, slope, width: 16);
            _weights = new PreparedWeights(Network.Parameters);
            InitialWeights.HeNormal(Network.Parameters, 5, slope < 1 ? 1 : 0.7, _weights.Parameters);
            _weights.Prepare();
            Reference = new ReferenceUNet(
                [.. Network.Parameters.Layers.Select((_, l) =>
                    Array.ConvertAll(Network.Parameters.GetWeights(l, _weights.Parameters), static w => (double)w))],
                [.. Network.Parameters.Layers.Select((
                    layer, l) => Array.ConvertAll(_weights.Bias(l)[..layer.Outputs].ToArray(), static b => (double)b))],
                slope);
            _sum = new GradientSum(_weights);
            _pass = new NetworkPass(Network, _weights, _sum, Width, Height);
            _target = _pass.Input.SameShape();
            float[] input = Samples.Gaussian(Width * Height, seed: 1),
                target = Samples.Gaussian(Width * Height, seed: 2);
            ReflectPadding.Fill(input, Width, Height, _pass.Input, 0);
            ReflectPadding.Fill(target, Width, Height, _target, 0);
            Input = new ReferenceUNet.Map(1, Width, Height);
            Array.ConvertAll(input, static s => (double)s).CopyTo(Input.Values, 0);
            Target = Array.ConvertAll(target, static s => (double)s);
            _adam = new Adam(_weights.Parameters.Length, beta2: 0.99);
            Gradient = new float[_weights.Parameters.Length];
            _update = new ParameterUpdate(_weights.Parameters, [Gradient], _adam);
        }

        public Network Network { get; }

        public ReferenceUNet Reference { get; }

        public ReferenceUNet.Map Input { get; }

        public double[] Target { get; }

        public float[] Gradient { get; }

        public double Step(bool update)
        {
            _sum.Clear();
            _pass.Forward();
            double loss = Loss.Of<SquaredError>(_pass.Output, _target, Width * Height, _pass.OutputGradient);
            _pass.Backward();
            _sum.CopyTo(Gradient);
            if (update)
            {
                _adam.BeginStep(_rate);
                for (int chunk = 0; chunk < _update.Chunks; chunk++)
                {
                    _update.Run(chunk, 0);
                }

                _weights.Prepare();
            }

            return loss;
        }
    }
}
