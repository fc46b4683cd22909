using Klar.Networks;
using Klar.Networks.Layers;

namespace Klar.Tests.Networks;

/// <summary>A described network in double precision, each layer as its definition says and never optimised.</summary>
internal static class ReferenceGraph
{
    /// <summary>A map [channel][y, x].</summary>
    internal sealed record Map(int Width, int Height, double[][] Values)
    {
        public double At(int channel, int x, int y) =>
            x < 0 || y < 0 || x >= Width || y >= Height ? 0 : Values[channel][(y * Width) + x];

        public static Map Of(int channels, int width, int height, Func<int, int, int, double> value) => new(
            width, height, [.. Enumerable.Range(0, channels).Select(
                c => Enumerable.Range(0, width * height).Select(i => value(c, i % width, i / width)).ToArray())]);
    }

    public static Map Forward(Network network, double[][] weights, double[][] biases, Map input)
    {
        var outputs = new List<Map>();
        foreach (Network.Node node in network.Nodes)
        {
            Map[] x = [.. node.Inputs.Select(n => n == Network.Input ? input : outputs[n])];
            outputs.Add(Layer(node.Layer, weights, biases, x));
        }

        return outputs[^1];
    }

    private static Map Layer(Layer layer, double[][] weights, double[][] biases, Map[] inputs)
    {
        Map x = inputs[0];
        (int width, int height) = layer.SizeOf(x.Width, x.Height);
        return layer switch
        {
            Convolution c => Map.Of(layer.Outputs, width, height, (o, px, py) =>
                Leak(biases[c.Index][o] + Sum(c.Shape, weights[c.Index], x, o, px, py), c.Shape.Slope)),
            TransposedConvolution t => Map.Of(layer.Outputs, width, height, (o, px, py) =>
                biases[t.Index][o] + Enumerable.Range(0, t.Shape.Inputs).Sum(i =>
                    weights[t.Index][(((i * t.Shape.Outputs) + o) * 4) + (py % 2 * 2) + (px % 2)] * x.At(
                        i, px / 2, py / 2))),
            MaxPool => Map.Of(layer.Outputs, width, height, (o, px, py) => new[] { (
                0, 0), (1, 0), (0, 1), (1, 1) }.Max(d => x.At(o, (2 * px) + d.Item1, (2 * py) + d.Item2))),
            NearestUpsampling => Map.Of(layer.Outputs, width, height, (o, px, py) => x.At(o, px / 2, py / 2)),
            Concatenation c => Map.Of(
                layer.Outputs, width, height,
                (o, px, py) => o < c.First ? x.At(o, px, py) : inputs[1].At(o - c.First, px, py)),
            Addition => Map.Of(layer.Outputs, width, height, (o, px, py) => x.At(o, px, py) + inputs[1].At(o, px, py)),
            PixelUnshuffle => Map.Of(
                layer.Outputs, width, height, (o, px, py) => x.At(o / 4, (2 * px) + (o % 2), (2 * py) + (o % 4 / 2))),
            PixelShuffle => Map.Of(
                layer.Outputs, width, height, (o, px, py) => x.At((4 * o) + (2 * (py % 2)) + (px % 2), px / 2, py / 2)),
            Sigmoid => Map.Of(layer.Outputs, width, height, (o, px, py) => 1 / (1 + Math.Exp(-x.At(o, px, py)))),
            _ => throw new NotSupportedException(layer.ToString()),
        };
    }

    private static double Leak(double z, double slope) => z > 0 ? z : slope * z;

    private static double Sum(ConvolutionLayer shape, double[] weights, Map x, int output, int px, int py)
    {
        double sum = 0;
        for (int i = 0; i < shape.Inputs; i++)
        {
            for (int t = 0; t < shape.Taps; t++)
            {
                sum += weights[(((output * shape.Inputs) + i) * shape.Taps) + t] * x.At(
                    i, px + (t % shape.Kernel) - shape.Radius, py + (t / shape.Kernel) - shape.Radius);
            }
        }

        return sum;
    }
}
