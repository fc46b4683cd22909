using Klar.Networks;
using Klar.Tests.Support;
using Map = Klar.Tests.Networks.ReferenceGraph.Map;

namespace Klar.Tests.Networks;

/// <summary>
/// Described networks, forward and backward, beside their definition in double precision and its central differences.
/// </summary>
[Trait("Category", "Kernel")]
public sealed class NetworkTests
{
    private const int Width = 12;
    private const int Height = 8;

    public static TheoryData<string> Networks => [.. Shapes.Keys];

    private static Dictionary<string, (int Channels, Func<Features, Features> Describe)> Shapes { get; } = new()
    {
        ["1x1"] = (2, static x => x.Convolution(3, kernel: 1)),
        ["3x3"] = (1, static x => x.Convolution(5, slope: 0.2f).Convolution(2)),
        ["ReLU and sigmoid"] =
            (1, static x => x.Convolution(8, slope: 0).Convolution(8, slope: 0).Convolution(1, kernel: 1).Sigmoid()),
        ["through Winograd"] =
            (3, static x => x.Convolution(16, slope: 0.2f).Convolution(32, slope: 0.2f).Convolution(3, kernel: 1)),
        ["through Winograd, inputs padded"] = (1, static x =>
            x.Convolution(16, slope: 0.2f).Concatenate(x).Convolution(16, slope: 0.2f).Convolution(1, kernel: 1)),
        ["pool and nearest"] = (1, static x =>
            x.Convolution(4, slope: 0.2f).MaxPool().Convolution(6, slope: 0.2f).UpsampleNearest().Convolution(1)),
        ["transposed"] =
            (2, static x => x.Convolution(5, slope: 0.1f).MaxPool().TransposedConvolution(7).Convolution(2, kernel: 1)),
        ["unshuffled first, shuffled last"] = (
            2, static x => x.Unshuffle().Convolution(16, slope: 0.2f).Convolution(16, slope: 0.2f).Convolution(4)
            .Shuffle()),
        ["unshuffled, added, shuffled"] = (1, static x => Added(x.Convolution(5, slope: 0.2f))),
        ["skips, the input among them"] = (1, Skips),
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Output_is_that_of_the_layers_as_defined(string name)
    {
        var one = new Case(Shapes[name].Channels, Shapes[name].Describe);
        Map expected = one.Reference(one.Weights64, one.Biases64);
        NetworkPass pass = one.Pass(new GradientSum(one.Prepared));
        pass.Forward();
        for (int c = 0; c < expected.Values.Length; c++)
        {
            for (int i = 0; i < Width * Height; i++)
            {
                // Sums of at most 9 · 33 terms near 0.1, some layers deep; Winograd's transforms multiply errors by
                // about 10.
                float actual = pass.Output.Row(i / Width)[(i % Width * pass.Output.Stride) + c];
                Close.Assert(expected.Values[c][i], actual, 2e-5 * Math.Max(1, Math.Abs(expected.Values[c][i])), i);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradients_match_central_differences(string name)
    {
        var one = new Case(Shapes[name].Channels, Shapes[name].Describe);
        one.CheckGradient(one.Gradient());
    }

    [Fact]
    public void The_check_itself_notices_a_wrong_gradient()
    {
        var one = new Case(1, Shapes["pool and nearest"].Describe);
        float[] gradient = one.Gradient();
        gradient[one.Prepared.Stack.BiasAt(1)] *= 1.01f;
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => one.CheckGradient(gradient));
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void The_bits_are_the_same_at_every_register_width(string name)
    {
        var one = new Case(Shapes[name].Channels, Shapes[name].Describe);
        NetworkPass pass = one.Pass(new GradientSum(one.Prepared));
        pass.Forward();
        Fingerprints.Matches($"network {name}, output", pass.Output.Values);
        Fingerprints.Matches($"network {name}, gradient", one.Gradient());
    }

    [Theory]
    [MemberData(nameof(Networks))]
    public void A_forward_pass_alone_takes_memory_again_and_gives_the_same(string name)
    {
        var one = new Case(Shapes[name].Channels, Shapes[name].Describe);
        NetworkPass pass = one.Pass(new GradientSum(one.Prepared));
        pass.Forward();
        for (int run = 0; run < 2; run++)
        {
            Assert.Equal(pass.Output.Values, one.ForwardAlone().Values);
        }
    }

    [Fact]
    public void A_second_pass_gives_what_the_first_gave()
    {
        var one = new Case(1, Shapes["skips, the input among them"].Describe);
        Assert.Equal(one.Gradient(), one.Gradient(passes: 2));
    }

    [Fact]
    public void A_pass_allocates_nothing()
    {
        var one = new Case(1, Shapes["skips, the input among them"].Describe);
        NetworkPass pass = one.Pass(new GradientSum(one.Prepared));
        pass.Forward();
        pass.Backward();
        long before = GC.GetAllocatedBytesForCurrentThread();
        pass.Forward();
        Loss.Of<SquaredError>(pass.Output, pass.OutputGradient, 96, pass.OutputGradient);
        pass.Backward();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Descriptions_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentException>(static () => Network.Of(1, static x =>
        {
            Features used = x.Convolution(4);
            used.Convolution(4);
            return used;
        }));
        Network pools = Network.Of(1, static x =>
        {
            Features wide = x.Convolution(4);
            return wide.MaxPool().UpsampleNearest().Concatenate(wide).Convolution(1);
        });
        var weights = new PreparedWeights(pools.Parameters);
        ArgumentException odd =
            Assert.Throws<ArgumentException>(() => new NetworkPass(pools, weights, new GradientSum(weights), 5, 4));
        Assert.Contains("5 × 4", odd.Message, StringComparison.Ordinal);
    }

    private static Features Added(Features wide)
    {
        Features deep = wide.Unshuffle().Convolution(20, kernel: 1, slope: 0.2f);
        return deep.Add(deep.Convolution(20)).Shuffle().Add(wide).Convolution(1);
    }

    private static Features Skips(Features x)
    {
        Features wide = x.Convolution(16, slope: 0.2f);
        Features deep = wide.MaxPool().Convolution(16, slope: 0.2f).TransposedConvolution(16);
        return deep.Concatenate(wide).Convolution(16, slope: 0.1f).Concatenate(x).Convolution(1, kernel: 1);
    }

    /// <summary>A network with weights, a picture, and a random projection of the output as its loss.</summary>
    private sealed class Case
    {
        private readonly Network _network;
        private readonly float[][] _image;
        private readonly float[] _projection;

        public Case(int channels, Func<Features, Features> describe)
        {
            _network = Network.Of(channels, describe);
            Prepared = new PreparedWeights(_network.Parameters);
            InitialWeights.Uniform(_network.Parameters, 11, Prepared.Parameters);
            Prepared.Prepare();
            _image =
            [
                .. Enumerable.Range(0, channels).Select(static c => Samples.Gaussian(Width * Height, (ulong)c + 20))
            ];
            _projection = Samples.Gaussian(Width * Height * _network.Outputs, seed: 40);
        }

        public PreparedWeights Prepared { get; }

        public double[][] Weights64 => [.. Layers.Select(
            (_, l) => Array.ConvertAll(_network.Parameters.GetWeights(l, Prepared.Parameters), static w => (double)w))];

        public double[][] Biases64 => [.. Layers.Select(
            (layer, l) => Array.ConvertAll(Prepared.Bias(l)[..layer.Outputs].ToArray(), static b => (double)b))];

        private IReadOnlyList<ConvolutionLayer> Layers => _network.Parameters.Layers;

        public Map Reference(double[][] weights, double[][] biases) => ReferenceGraph.Forward(
            _network, weights, biases, Map.Of(_image.Length, Width, Height, (c, x, y) => _image[c][(y * Width) + x]));

        public NetworkPass Pass(GradientSum sum)
        {
            var pass = new NetworkPass(_network, Prepared, sum, Width, Height);
            for (int c = 0; c < _image.Length; c++)
            {
                ReflectPadding.Fill(_image[c], Width, Height, pass.Input, c);
            }

            return pass;
        }

        public FeatureMap ForwardAlone()
        {
            var pass = new ForwardPass(_network, Prepared, WinogradConvolution.For(_network.Parameters), Width, Height);
            for (int c = 0; c < _image.Length; c++)
            {
                ReflectPadding.Fill(_image[c], Width, Height, pass.Input, c);
            }

            pass.Run(CancellationToken.None);
            pass.Run(CancellationToken.None);
            return pass.Output;
        }

        public float[] Gradient(int passes = 1)
        {
            var sum = new GradientSum(Prepared);
            NetworkPass pass = Pass(sum);
            for (int n = 0; n < passes; n++)
            {
                sum.Clear();
                pass.Forward();
                for (int c = 0; c < _network.Outputs; c++)
                {
                    for (int i = 0; i < Width * Height; i++)
                    {
                        pass.OutputGradient.Row(i / Width)[(i % Width * pass.Output.Stride) + c] =
                            _projection[(c * Width * Height) + i];
                    }
                }

                pass.Backward();
            }

            float[] gradient = new float[_network.Parameters.ParameterCount];
            sum.CopyTo(gradient);
            return gradient;
        }

        public void CheckGradient(float[] gradient)
        {
            double[][] weights = Weights64, biases = Biases64;
            double largest = gradient.Max(MathF.Abs);
            for (int l = 0; l < weights.Length; l++)
            {
                Check(weights, biases, weights[l], _network.Parameters.GetWeights(l, gradient), l, largest);
                Check(
                    weights, biases, biases[l], gradient.AsSpan(_network.Parameters.BiasAt(l), biases[l].Length), l,
                    largest);
            }
        }

        private void Check(
            double[][] weights, double[][] biases, double[] varied, ReadOnlySpan<float> actual, int layer,
            double largest)
        {
            const double Step = 1e-6;
            for (int i = 0; i < varied.Length; i += Math.Max(1, varied.Length / 40))
            {
                double kept = varied[i];
                varied[i] = kept + Step;
                double above = Projected(Reference(weights, biases));
                varied[i] = kept - Step;
                double below = Projected(Reference(weights, biases));
                varied[i] = kept;

                // Differences in double precision are good to 1e-8 here; the float gradient sums some hundred terms.
                double expected = (above - below) / (2 * Step);
                Assert.True(
                    Math.Abs(expected - actual[i]) <= (1e-4 * Math.Abs(expected)) + (2e-5 * largest),
                    $"convolution {layer}, parameter {i}: differences give {expected}, backward gives {actual[i]}");
            }
        }

        private double Projected(Map output) =>
            output.Values
                .SelectMany(static plane => plane)
                .Zip(_projection, static (value, weight) => value * weight)
                .Sum();
    }
}
