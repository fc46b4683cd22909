namespace Klar.Tests.Networks;

/// <summary>
/// The UNet of Noise2Noise written a second time, from the papers' table, in double precision: plain sums forward,
/// and every operation's derivative noted on the way for the way back.
/// </summary>
internal sealed class ReferenceUNet
{
    private readonly double _slope;
    private readonly Stack<Action> _back = new();

    /// <param name="weights">PyTorch's shapes, in the order in which a picture meets them.</param>
    /// <param name="biases">The same order.</param>
    /// <param name="slope">Of the leaky rectifier.</param>
    public ReferenceUNet(double[][] weights, double[][] biases, double slope)
    {
        (Weights, Biases, _slope) = (weights, biases, slope);
        WeightGradients = [.. weights.Select(static w => new double[w.Length])];
        BiasGradients = [.. biases.Select(static b => new double[b.Length])];
    }

    public double[][] Weights { get; }

    public double[][] Biases { get; }

    public double[][] WeightGradients { get; }

    public double[][] BiasGradients { get; }

    /// <summary>A map [channel, row, column] and the loss's derivative by it.</summary>
    internal sealed class Map(int channels, int width, int height)
    {
        public int Channels => channels;

        public int Width => width;

        public int Height => height;

        public double[] Values { get; } = new double[channels * width * height];

        public double[] Gradient { get; } = new double[channels * width * height];

        public int At(int c, int x, int y) => (((c * height) + y) * width) + x;
    }

    /// <summary>The mean squared error of the output, and all gradients.</summary>
    public double Loss(Map input, double[] target)
    {
        foreach (double[] gradient in WeightGradients.Concat(BiasGradients))
        {
            gradient.AsSpan().Clear();
        }

        _back.Clear();
        Map output = Forward(input);
        double sum = 0;
        for (int i = 0; i < target.Length; i++)
        {
            double off = output.Values[i] - target[i];
            sum += off * off;
            output.Gradient[i] = 2 * off / target.Length;
        }

        while (_back.TryPop(out Action? step))
        {
            step();
        }

        return sum / target.Length;
    }

    public Map Forward(Map input)
    {
        int layer = 0;
        var skips = new List<Map> { input };
        Map down = Leaky(Convolve(input, layer++, 3));
        for (int level = 0; level < 5; level++)
        {
            down = Pool(Leaky(Convolve(down, layer++, 3)));
            skips.Add(down);
        }

        Map up = Leaky(Convolve(down, layer++, 3));
        for (int level = 4; level >= 0; level--)
        {
            up = Beside(Enlarge(up, layer++), skips[level]);
            up = Leaky(Convolve(up, layer++, 3));
            up = Leaky(Convolve(up, layer++, 3));
        }

        up = Leaky(Convolve(up, layer++, 1));
        up = Leaky(Convolve(up, layer++, 1));
        return Convolve(up, layer, 1);
    }

    private Map Convolve(Map x, int layer, int side)
    {
        double[] w = Weights[layer], b = Biases[layer], dw = WeightGradients[layer], db = BiasGradients[layer];
        var z = new Map(b.Length, x.Width, x.Height);
        void Each(Action<int, int, int> visit)
        {
            for (int o = 0; o < z.Channels; o++)
            {
                for (int i = 0; i < x.Channels; i++)
                {
                    for (int t = 0; t < side * side; t++)
                    {
                        (int dx, int dy) = ((t % side) - (side / 2), (t / side) - (side / 2));
                        int weight = (((o * x.Channels) + i) * side * side) + t;
                        for (int y = Math.Max(0, -dy); y < Math.Min(x.Height, x.Height - dy); y++)
                        {
                            for (int column = Math.Max(0, -dx); column < Math.Min(x.Width, x.Width - dx); column++)
                            {
                                visit(weight, x.At(i, column + dx, y + dy), z.At(o, column, y));
                            }
                        }
                    }
                }
            }
        }

        for (int o = 0; o < b.Length; o++)
        {
            z.Values.AsSpan(z.At(o, 0, 0), z.Width * z.Height).Fill(b[o]);
        }

        Each((weight, from, to) => z.Values[to] += w[weight] * x.Values[from]);
        _back.Push(() =>
        {
            for (int i = 0; i < z.Values.Length; i++)
            {
                db[i / (z.Width * z.Height)] += z.Gradient[i];
            }

            Each((weight, from, to) =>
            {
                dw[weight] += z.Gradient[to] * x.Values[from];
                x.Gradient[from] += z.Gradient[to] * w[weight];
            });
        });
        return z;
    }

    private Map Enlarge(Map x, int layer)
    {
        double[] w = Weights[layer], b = Biases[layer], dw = WeightGradients[layer], db = BiasGradients[layer];
        var z = new Map(b.Length, 2 * x.Width, 2 * x.Height);
        void Each(Action<int, int, int, int> visit)
        {
            for (int o = 0; o < z.Channels; o++)
            {
                for (int y = 0; y < z.Height; y++)
                {
                    for (int column = 0; column < z.Width; column++)
                    {
                        for (int i = 0; i < x.Channels; i++)
                        {
                            visit(
                                (((i * z.Channels) + o) * 4) + (y % 2 * 2) + (column % 2), x.At(i, column / 2, y / 2),
                                z.At(o, column, y), o);
                        }
                    }
                }
            }
        }

        for (int o = 0; o < b.Length; o++)
        {
            z.Values.AsSpan(z.At(o, 0, 0), z.Width * z.Height).Fill(b[o]);
        }

        Each((weight, from, to, _) => z.Values[to] += w[weight] * x.Values[from]);
        _back.Push(() =>
        {
            for (int i = 0; i < z.Values.Length; i++)
            {
                db[i / (z.Width * z.Height)] += z.Gradient[i];
            }

            Each((weight, from, to, _) =>
            {
                dw[weight] += z.Gradient[to] * x.Values[from];
                x.Gradient[from] += z.Gradient[to] * w[weight];
            });
        });
        return z;
    }

    private Map Leaky(Map x)
    {
        var a = new Map(x.Channels, x.Width, x.Height);
        for (int i = 0; i < a.Values.Length; i++)
        {
            a.Values[i] = x.Values[i] * (x.Values[i] > 0 ? 1 : _slope);
        }

        _back.Push(() =>
        {
            for (int i = 0; i < a.Values.Length; i++)
            {
                x.Gradient[i] += a.Gradient[i] * (x.Values[i] > 0 ? 1 : _slope);
            }
        });
        return a;
    }

    private Map Pool(Map x)
    {
        var z = new Map(x.Channels, x.Width / 2, x.Height / 2);
        int[] chosen = new int[z.Values.Length];
        for (int i = 0; i < chosen.Length; i++)
        {
            (int c, int y, int column) = (i / (z.Width * z.Height), i / z.Width % z.Height, i % z.Width);
            chosen[i] = new[] { (0, 0), (1, 0), (0, 1), (1, 1) }
                .Select(d => x.At(c, (2 * column) + d.Item1, (2 * y) + d.Item2))
                .MaxBy(at => x.Values[at]);
            z.Values[i] = x.Values[chosen[i]];
        }

        _back.Push(() =>
        {
            for (int i = 0; i < chosen.Length; i++)
            {
                x.Gradient[chosen[i]] += z.Gradient[i];
            }
        });
        return z;
    }

    private Map Beside(Map first, Map second)
    {
        var z = new Map(first.Channels + second.Channels, first.Width, first.Height);
        first.Values.CopyTo(z.Values, 0);
        second.Values.CopyTo(z.Values, first.Values.Length);
        _back.Push(() =>
        {
            for (int i = 0; i < z.Values.Length; i++)
            {
                (i < first.Values.Length
                    ? first.Gradient
                    : second.Gradient)[i < first.Values.Length ? i : i - first.Values.Length] += z.Gradient[i];
            }
        });
        return z;
    }
}
