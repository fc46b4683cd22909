using Klar.Networks;

namespace Klar.Tests.Networks;

/// <summary>A stack of convolutions in double precision, written as the sums say and never optimised.</summary>
internal static class ReferenceNetwork
{
    /// <summary>Output [channel][y][x] of an image [channel][y][x]; parameters in PyTorch's order of weights.</summary>
    public static double[][] Forward(
        ConvolutionStack stack, double[][] weights, double[][] biases, double[][] image, int width, int height)
    {
        double[][] x = image;
        for (int l = 0; l < stack.Layers.Count; l++)
        {
            ConvolutionLayer layer = stack.Layers[l];
            double[][] z = new double[layer.Outputs][];
            for (int o = 0; o < layer.Outputs; o++)
            {
                z[o] = new double[width * height];
                for (int p = 0; p < z[o].Length; p++)
                {
                    double sum = biases[l][o] + Sum(layer, weights[l], x, o, p % width, p / width, width, height);
                    z[o][p] = sum > 0 ? sum : layer.Slope * sum;
                }
            }

            x = z;
        }

        return x;
    }

    private static double Sum(
        ConvolutionLayer layer, double[] weights, double[][] x, int output, int px, int py, int width, int height)
    {
        double sum = 0;
        for (int i = 0; i < layer.Inputs; i++)
        {
            for (int t = 0; t < layer.Taps; t++)
            {
                int sx = px + (t % layer.Kernel) - layer.Radius;
                int sy = py + (t / layer.Kernel) - layer.Radius;
                if (sx >= 0 && sx < width && sy >= 0 && sy < height)
                {
                    sum += weights[(((output * layer.Inputs) + i) * layer.Taps) + t] * x[i][(sy * width) + sx];
                }
            }
        }

        return sum;
    }
}
