using Klar.Networks;
using Klar.Tests.Support;

namespace Klar.Tests.Networks;

/// <summary>
/// Forward and backward of whole stacks, in tiles, beside a reference in double precision and its central differences.
/// </summary>
public sealed class StackPassTests
{
    private const int Width = 13;
    private const int Height = 11;

    public static TheoryData<string> Stacks => [.. Shapes.Keys];

    private static Dictionary<string, ConvolutionLayer[]> Shapes { get; } = new()
    {
        ["1x1"] = [new(2, 3, 1)],
        ["3x3 of one channel"] = [new(1, 16, 3, 0.2f)],
        ["3x3 of three channels, narrow end"] = [new(3, 16, 3, 0.2f), new(16, 3, 1)],
        ["odd widths"] = [new(1, 5, 3, 0.2f), new(5, 7, 3, 0.1f), new(7, 2, 3)],
        ["wide, through Winograd"] = [new(1, 16, 3, 0.2f), new(16, 32, 3, 0.2f), new(32, 1, 1)],
        ["wide input"] = [new(16, 16, 3, 0.2f), new(16, 1, 1)],
        ["48 channels"] = [new(1, 48, 3, 0.2f), new(48, 48, 3, 0.2f), new(48, 1, 1)],
        ["64 and 96"] = [new(1, 64, 3, 0.2f), new(64, 96, 3, 0.2f), new(96, 1, 1)],
    };

    [Theory]
    [MemberData(nameof(Stacks))]
    [Trait("Category", "Kernel")]
    public void Output_of_any_tile_is_that_of_the_sums_as_written(string name)
    {
        Case one = new(Shapes[name], Width, Height);
        double[][] expected = one.Reference(one.Weights64(), one.Biases64());
        foreach (bool winograd in (bool[])[true, false])
        {
            foreach (Region tile in (Region[])[new(0, 0, Width, Height), new(4, 3, 5, 6), new(8, 0, 5, 1)])
            {
                StackPass pass = one.Pass(winograd, outputReach: 0, tile);
                for (int i = 0; i < tile.Pixels; i++)
                {
                    int p = ((tile.Y + (i / tile.Width)) * Width) + tile.X + (i % tile.Width);
                    for (int c = 0; c < expected.Length; c++)
                    {
                        // A sum of at most 9 · 96 terms near 0.1, twice over; Winograd's transforms multiply errors
                        // by about 10.
                        Close.Assert(
                            expected[c][p], pass.Output[(i * pass.OutputStride) + c],
                            2e-5 * Math.Max(1, Math.Abs(expected[c][p])), p);
                    }
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    public void Gradients_summed_over_tiles_match_central_differences(string name)
    {
        // At one register width: the gradient's bits are the same at all of them.
        Case one = new(Shapes[name], Width, Height);
        one.CheckGradient(one.Gradient(winograd: true, tileSide: 6), one.Gradient(winograd: false, tileSide: 6));
    }

    [Fact]
    public void The_check_itself_notices_a_wrong_gradient()
    {
        Case one = new(Shapes["odd widths"], Width, Height);
        float[] gradient = one.Gradient(winograd: false, tileSide: 6);
        int at = one.Stack.BiasAt(1); // the first of the layer is among those that are checked
        gradient[at] *= 1.01f;
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => one.CheckGradient([gradient]));
    }

    [Theory]
    [MemberData(nameof(Stacks))]
    [Trait("Category", "Kernel")]
    public void The_bits_are_the_same_at_every_register_width(string name)
    {
        foreach (bool winograd in (bool[])[true, false])
        {
            Case one = new(Shapes[name], Width, Height);
            StackPass pass = one.Pass(winograd, outputReach: 0, new Region(0, 0, Width, Height));
            Fingerprints.Matches($"stack {name}, {(winograd ? "transformed" : "direct")}, output", pass.Output);
            Fingerprints.Matches(
                $"stack {name}, {(winograd ? "transformed" : "direct")}, gradient",
                one.Gradient(winograd, tileSide: 6));
        }
    }

    /// <summary>A network with weights, a picture, and a random projection of the output as its loss.</summary>
    private sealed class Case
    {
        private readonly float[] _parameters;
        private readonly float[][] _image;
        private readonly float[] _projection;
        private readonly int _width;
        private readonly int _height;

        public Case(ConvolutionLayer[] layers, int width, int height)
        {
            (Stack, _width, _height) = (new ConvolutionStack(layers), width, height);
            _parameters = new float[Stack.ParameterCount];
            InitialWeights.Uniform(Stack, 11, _parameters);
            _image =
            [
                .. Enumerable.Range(0, layers[0].Inputs).Select(c => Samples.Gaussian(width * height, (ulong)c + 20))
            ];
            _projection = Samples.Gaussian(width * height * layers[^1].Outputs, seed: 40);
        }

        public ConvolutionStack Stack { get; }

        public double[][] Weights64() =>
        [
            .. Stack.Layers.Select((_, l) => Array.ConvertAll(Stack.GetWeights(l, _parameters), static w => (double)w))
        ];

        public double[][] Biases64() =>
            [.. Stack.Layers.Select((layer, l) =>
                Array.ConvertAll(_parameters.AsSpan(Stack.BiasAt(l), layer.Outputs).ToArray(), static b => (double)b))];

        public double[][] Reference(double[][] weights, double[][] biases) => ReferenceNetwork.Forward(
            Stack, weights, biases, [.. _image.Select(static plane => Array.ConvertAll(plane, static s => (double)s))],
            _width, _height);

        public StackPass Pass(bool winograd, int outputReach, Region tile)
        {
            PreparedWeights weights = Prepared(winograd);
            var pass = new StackPass(weights, new WinogradConvolution(96), outputReach, tile.Width, tile.Height);
            pass.Forward(new InputImage(_image, _width, _height, border: 12), tile);
            return pass;
        }

        public float[] Gradient(bool winograd, int tileSide)
        {
            PreparedWeights weights = Prepared(winograd);
            var sum = new GradientSum(weights);
            var image = new InputImage(_image, _width, _height, border: 12);
            var pass = new StackPass(weights, sum.Winograd, Stack.GradientReach, tileSide, tileSide);
            for (int y = 0; y < _height; y += tileSide)
            {
                for (int x = 0; x < _width; x += tileSide)
                {
                    pass.Forward(
                        image, new Region(x, y, Math.Min(tileSide, _width - x), Math.Min(tileSide, _height - y)));
                    Project(pass);
                    pass.Backward(sum);
                }
            }

            float[] gradient = new float[Stack.ParameterCount];
            sum.CopyTo(gradient);
            return gradient;
        }

        public void CheckGradient(params float[][] gradients)
        {
            double[][] weights = Weights64(), biases = Biases64();
            double largest = gradients.Max(static gradient => gradient.Max(MathF.Abs));
            for (int l = 0; l < weights.Length; l++)
            {
                float[][] ofWeights = [.. gradients.Select(gradient => Stack.GetWeights(l, gradient))];
                float[][] ofBiases = [.. gradients.Select(
                    gradient => gradient.AsSpan(Stack.BiasAt(l), biases[l].Length).ToArray())];
                Check(weights, biases, weights[l], ofWeights, l, largest);
                Check(weights, biases, biases[l], ofBiases, l, largest);
            }
        }

        private void Check(
            double[][] weights, double[][] biases, double[] varied, float[][] gradients, int layer, double largest)
        {
            // All of a small layer, every so many of a large one: each check runs the whole network twice.
            const double Step = 1e-6;
            for (int i = 0; i < varied.Length; i += Math.Max(1, varied.Length / 40))
            {
                double kept = varied[i];
                varied[i] = kept + Step;
                double above = Loss(Reference(weights, biases));
                varied[i] = kept - Step;
                double below = Loss(Reference(weights, biases));
                varied[i] = kept;

                // Differences in double precision are good to 1e-8 here; the float gradient sums some thousand terms.
                double expected = (above - below) / (2 * Step);
                foreach (float[] actual in gradients)
                {
                    Assert.True(
                        Math.Abs(expected - actual[i]) <= (1e-4 * Math.Abs(expected)) + (2e-5 * largest),
                        $"layer {layer}, parameter {i}: differences give {expected}, backward gives {actual[i]}");
                }
            }
        }

        private double Loss(double[][] output)
        {
            double loss = 0;
            for (int c = 0; c < output.Length; c++)
            {
                for (int p = 0; p < output[c].Length; p++)
                {
                    loss += output[c][p] * _projection[(c * output[c].Length) + p];
                }
            }

            return loss;
        }

        private void Project(StackPass pass)
        {
            Region region = pass.GradientRegion;
            pass.OutputGradient.Clear();
            for (int i = 0; i < region.Pixels; i++)
            {
                (int x, int y) = (region.X + (i % region.Width), region.Y + (i / region.Width));
                if (x >= 0 && x < _width && y >= 0 && y < _height)
                {
                    for (int c = 0; c < Stack.Layers[^1].Outputs; c++)
                    {
                        pass.OutputGradient[(i * pass.OutputStride) + c] =
                            _projection[(c * _width * _height) + (y * _width) + x];
                    }
                }
            }
        }

        private PreparedWeights Prepared(bool winograd)
        {
            var weights = new PreparedWeights(Stack, winograd);
            _parameters.CopyTo(weights.Parameters, 0);
            weights.Prepare();
            return weights;
        }
    }
}
