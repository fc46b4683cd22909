using Klar.Networks;
using Klar.Numerics;
using Klar.Scheduling;

namespace Klar.SelfSupervised.Noise2Fast;

/// <summary>
/// Trains the network to predict one half of the checkerboard from the other. The four ordered pairs of halves are
/// the data; a step draws one of them.
/// </summary>
/// <remarks>
/// A step goes tile by tile, see docs/algorithms/engine.md: tiles of one group sum their gradients one after the
/// other, and groups are summed in their order.
/// </remarks>
internal sealed class Noise2FastTraining
{
    private const int Tile = 128;
    private const int MaxGroups = 64;

    private readonly float[] _noisy;
    private readonly int _width;
    private readonly int _height;
    private readonly CounterRandom _random;
    private readonly double _rate;
    private readonly Pair[] _pairs;
    private readonly InputImage _input;
    private readonly Region[] _tiles;
    private readonly Workers _workers;
    private readonly Adam _adam;
    private readonly float[][] _groupGradients;
    private readonly double[] _groupLosses;
    private readonly double[] _tileSquares;
    private readonly GradientWork _gradients;
    private readonly OutputWork _outputs;
    private int _steps;

    /// <param name="noisy">The picture, row-major, from 0 to 1.</param>
    /// <param name="width">Samples in a row, at least 2.</param>
    /// <param name="height">Rows, at least 2.</param>
    /// <param name="rate">Adam's learning rate.</param>
    /// <param name="seed">Of the initial weights and the pairs' order.</param>
    /// <param name="threads">Threads.</param>
    public Noise2FastTraining(float[] noisy, int width, int height, double rate, ulong seed, int threads)
    {
        (_noisy, _width, _height, _rate) = (noisy, width, height, rate);
        _random = new CounterRandom(seed, RandomStream.Crops);
        Weights = new PreparedWeights(Noise2FastNetwork.Of());
        InitialWeights.Uniform(Weights.Stack, seed, Weights.Parameters);
        Weights.Prepare();
        int border = Weights.Stack.Reach + Weights.Stack.GradientReach;
        CheckerboardHalves columns = CheckerboardHalves.OfColumns(noisy, width, width, height),
            rows = CheckerboardHalves.OfRows(noisy, width, width, height);
        _pairs = [.. ((CheckerboardHalves[])[columns, rows]).SelectMany(halves =>
            (Pair[])[new(halves.Even, halves.Odd, halves, border), new(halves.Odd, halves.Even, halves, border)])];
        _input = new InputImage([noisy], width, height, border);
        _tiles = Region.Tiles(width, height, Tile);
        int groups = Math.Min(MaxGroups, _pairs.Max(static pair => pair.Tiles.Length));
        _groupGradients = [.. Enumerable.Range(0, groups).Select(_ => new float[Weights.Parameters.Length])];
        _groupLosses = new double[groups];
        _tileSquares = new double[_tiles.Length];
        _workers = new Workers(Math.Min(threads, Math.Max(groups, _tiles.Length)));
        _adam = new Adam(Weights.Parameters.Length);
        _gradients = new GradientWork(this);
        _outputs = new OutputWork(this);
        Update = new ParameterUpdate(Weights.Parameters, _groupGradients, _adam);
    }

    /// <summary>The network as trained so far.</summary>
    public PreparedWeights Weights { get; }

    private ParameterUpdate Update { get; }

    /// <summary>One step; its loss is the mean binary cross entropy before it.</summary>
    public TrainingStep Step(CancellationToken cancel)
    {
        Pair pair = _pairs[_random.Below(_pairs.Length, (ulong)_steps)];
        _gradients.Begin(pair);
        _workers.Run(_gradients, _groupGradients.Length, cancel);
        _adam.BeginStep(_rate);
        _workers.Run(Update, Update.Chunks, cancel);
        Weights.Prepare();
        _steps++;
        return new TrainingStep(_steps, _groupLosses.Sum() / pair.Target.Length);
    }

    /// <summary>
    /// What the network makes of the whole picture, added to <paramref name="sum"/>; returns its mean squared
    /// difference from the noisy picture.
    /// </summary>
    public double Output(float[] sum, CancellationToken cancel)
    {
        _outputs.Begin(sum);
        _workers.Run(_outputs, _tiles.Length, cancel);
        return _tileSquares.Sum() / ((double)_width * _height);
    }

    /// <summary>One half and the other, which is to be predicted from it.</summary>
    private sealed class Pair(float[] input, float[] target, CheckerboardHalves halves, int border)
    {
        public InputImage Input { get; } = new([input], halves.Width, halves.Height, border);

        public float[] Target { get; } = target;

        public int Width { get; } = halves.Width;

        public int Height { get; } = halves.Height;

        public Region[] Tiles { get; } = Region.Tiles(halves.Width, halves.Height, Tile);
    }

    /// <summary>Tiles of one group, one after the other, into the group's gradient.</summary>
    private sealed class GradientWork : IWork
    {
        private readonly Noise2FastTraining _training;
        private readonly (StackPass Pass, GradientSum Sum)[] _places;
        private Pair _pair;

        public GradientWork(Noise2FastTraining training)
        {
            (_training, _pair) = (training, training._pairs[0]);
            _places = new (StackPass, GradientSum)[training._workers.Count];
            int width = training._pairs.Max(static pair => pair.Tiles.Max(static tile => tile.Width)),
                height = training._pairs.Max(static pair => pair.Tiles.Max(static tile => tile.Height));
            for (int w = 0; w < _places.Length; w++)
            {
                var sum = new GradientSum(training.Weights);
                _places[w] = (new StackPass(
                    training.Weights, sum.Winograd, training.Weights.Stack.GradientReach, width, height), sum);
            }
        }

        public void Begin(Pair pair) => _pair = pair;

        public void Run(int item, int worker)
        {
            (StackPass pass, GradientSum sum) = _places[worker];
            sum.Clear();
            int groups = _training._groupGradients.Length;
            double loss = 0;
            for (int i = item * _pair.Tiles.Length / groups; i < (item + 1) * _pair.Tiles.Length / groups; i++)
            {
                pass.Forward(_pair.Input, _pair.Tiles[i]);
                loss += CrossEntropy(pass, _pair.Tiles[i]);
                pass.Backward(sum);
            }

            sum.CopyTo(_training._groupGradients[item]);
            _training._groupLosses[item] = loss;
        }

        /// <summary>
        /// The tile's share of the sum of cross entropies, and the mean's gradient wherever the tile's weights ask
        /// for it.
        /// </summary>
        private double CrossEntropy(StackPass pass, Region tile)
        {
            Region region = pass.GradientRegion, output = pass.OutputRegion;
            int stride = pass.OutputStride;
            float share = 1f / _pair.Target.Length;
            pass.OutputGradient.Clear();
            double sum = 0;
            for (int y = Math.Max(0, region.Y); y < Math.Min(_pair.Height, region.Y + region.Height); y++)
            {
                for (int x = Math.Max(0, region.X); x < Math.Min(_pair.Width, region.X + region.Width); x++)
                {
                    (double loss, float slope) = BinaryCrossEntropy.Of(
                        pass.Output[output.IndexOf(x, y) * stride], _pair.Target[(y * _pair.Width) + x]);
                    pass.OutputGradient[region.IndexOf(x, y) * stride] = share * slope;
                    sum += tile.Contains(x, y) ? loss : 0;
                }
            }

            return sum;
        }
    }

    /// <summary>The sigmoid of the network's output over a tile of the picture.</summary>
    private sealed class OutputWork : IWork
    {
        private readonly Noise2FastTraining _training;
        private readonly StackPass[] _passes;
        private float[] _sum = [];

        public OutputWork(Noise2FastTraining training)
        {
            _training = training;
            _passes = [.. Enumerable.Range(0, training._workers.Count).Select(_ => new StackPass(
                training.Weights, WinogradConvolution.For(training.Weights.Stack), outputReach: 0,
                Math.Min(Tile, training._width), Math.Min(Tile, training._height)))];
        }

        public void Begin(float[] sum) => _sum = sum;

        public void Run(int item, int worker)
        {
            Region tile = _training._tiles[item];
            StackPass pass = _passes[worker];
            pass.Forward(_training._input, tile);
            double squares = 0;
            for (int i = 0; i < tile.Pixels; i++)
            {
                int at = ((tile.Y + (i / tile.Width)) * _training._width) + tile.X + (i % tile.Width);
                float value = (float)(1 / (1 + Elementary.Exp(-(double)pass.Output[i * pass.OutputStride])));
                double difference = (double)value - _training._noisy[at];
                _sum[at] += value;
                squares += difference * difference;
            }

            _training._tileSquares[item] = squares;
        }
    }
}
