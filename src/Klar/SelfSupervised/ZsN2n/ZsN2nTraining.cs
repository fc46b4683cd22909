using Klar.Networks;
using Klar.Scheduling;

namespace Klar.SelfSupervised.ZsN2n;

/// <summary>
/// Training on one noisy picture: a sequence of steps that the caller watches and stops. Each step works through
/// tiles of the picture, which are independent, sums their gradients in the tiles' order, and lets Adam update the
/// parameters.
/// </summary>
internal sealed class ZsN2nTraining
{
    // Fixed, so that the result does not depend on the machine: tiles of the full picture, and how many groups of tiles
    // sum their gradients separately.
    private const int Tile = 64;
    private const int MaxGroups = 64;

    private readonly float[][] _noisy;
    private readonly float[][] _first;
    private readonly float[][] _second;
    private readonly InputImage _noisyInput;
    private readonly InputImage _firstInput;
    private readonly InputImage _secondInput;
    private readonly int _width;
    private readonly int _height;
    private readonly Workers _workers;
    private readonly Adam _adam;
    private readonly StepSchedule _schedule;
    private readonly GradientWork _gradientWork;
    private readonly ParameterUpdate _update;
    private readonly float[][] _groupGradients;
    private readonly double[] _groupLosses;
    private readonly Region[] _tiles;
    private int _steps;

    public ZsN2nTraining(
        float[][] noisy, int width, int height, ZsN2nOptions options, int threads, bool winograd = true,
        int hidden = ZsN2nNetwork.PublishedWidth)
    {
        (_noisy, _width, _height) = (noisy, width, height);
        (_first, _second) = (new float[noisy.Length][], new float[noisy.Length][]);
        for (int c = 0; c < noisy.Length; c++)
        {
            (_first[c], _second[c]) = PairDownsampler.Of(noisy[c], width, height);
        }

        Weights = new PreparedWeights(ZsN2nNetwork.Of(noisy.Length, hidden), winograd);
        int border = Weights.Stack.Reach + (2 * Weights.Stack.GradientReach);
        _noisyInput = new InputImage(noisy, width, height, border);
        _firstInput = new InputImage(_first, width / 2, height / 2, border);
        _secondInput = new InputImage(_second, width / 2, height / 2, border);
        _adam = new Adam(Weights.Parameters.Length);
        _schedule = new StepSchedule(options.LearningRate, options.HalveEvery, 0.5);
        _tiles = Region.Tiles(width, height, Tile);
        int groups = Math.Min(MaxGroups, _tiles.Length);
        _groupGradients = new float[groups][];
        for (int g = 0; g < groups; g++)
        {
            _groupGradients[g] = new float[Weights.Parameters.Length];
        }

        _groupLosses = new double[groups];
        _workers = new Workers(Math.Min(threads, Math.Max(groups, 1)));
        _gradientWork = new GradientWork(this);
        _update = new ParameterUpdate(Weights.Parameters, _groupGradients, _adam);
    }

    /// <summary>The network as trained so far.</summary>
    public PreparedWeights Weights { get; }

    /// <summary>The gradient of the loss at the last step's parameters.</summary>
    public float[] Gradient => _update.Gradient;

    /// <summary>Endless steps, each one update of the parameters; take as many as are wanted.</summary>
    public IEnumerable<TrainingStep> Steps(CancellationToken cancel)
    {
        while (true)
        {
            yield return Step(cancel);
        }
    }

    /// <summary>One step.</summary>
    public TrainingStep Step(CancellationToken cancel)
    {
        Weights.Prepare();
        _workers.Run(_gradientWork, _groupGradients.Length, cancel);
        _steps++;
        _adam.BeginStep(_schedule.At(_steps));
        _workers.Run(_update, _update.Chunks, cancel);

        double sum = 0;
        foreach (double share in _groupLosses)
        {
            sum += share;
        }

        return new TrainingStep(_steps, sum / (2.0 * _first.Length * Math.Max(1, _first[0].Length)));
    }

    /// <summary>The denoised picture, y − f(y), as the network stands.</summary>
    public float[][] Denoised(CancellationToken cancel)
    {
        Weights.Prepare();
        float[][] result = new float[_noisy.Length][];
        for (int c = 0; c < result.Length; c++)
        {
            result[c] = new float[_noisy[c].Length];
        }

        _workers.Run(new OutputWork(this, result), _tiles.Length, cancel);
        return result;
    }

    /// <summary>Tiles of one group, one after the other, into the group's gradient.</summary>
    private sealed class GradientWork : IWork
    {
        private readonly ZsN2nTraining _training;
        private readonly (StackPass First, StackPass Second, StackPass Full)[] _passes;
        private readonly GradientSum[] _sums;

        public GradientWork(ZsN2nTraining training)
        {
            _training = training;
            _passes = new (StackPass, StackPass, StackPass)[training._workers.Count];
            int halfReach = training.Weights.Stack.GradientReach;
            int tile = Math.Min(Tile, Math.Max(training._width, training._height));
            _sums = new GradientSum[_passes.Length];
            for (int w = 0; w < _passes.Length; w++)
            {
                _sums[w] = new GradientSum(training.Weights);
                WinogradConvolution scratch = _sums[w].Winograd;

                // A half's pixel pulls on the four full ones below it: where its gradient is wanted they must be known.
                _passes[w] = (
                    new StackPass(training.Weights, scratch, halfReach, (tile + 1) / 2, (tile + 1) / 2),
                    new StackPass(training.Weights, scratch, halfReach, (tile + 1) / 2, (tile + 1) / 2),
                    new StackPass(training.Weights, scratch, 2 * halfReach, tile, tile));
            }
        }

        public void Run(int item, int worker)
        {
            ZsN2nTraining t = _training;
            (StackPass onFirst, StackPass onSecond, StackPass onFull) = _passes[worker];
            GradientSum sum = _sums[worker];
            sum.Clear();
            int groups = t._groupGradients.Length;
            int halfWidth = t._width / 2, halfHeight = t._height / 2;
            double loss = 0;
            for (int i = item * t._tiles.Length / groups; i < (item + 1) * t._tiles.Length / groups; i++)
            {
                Region tile = t._tiles[i];
                var half = new Region(
                    tile.X / 2, tile.Y / 2, Math.Min(tile.Width / 2, halfWidth), Math.Min(tile.Height / 2, halfHeight));
                onFirst.Forward(t._firstInput, half);
                onSecond.Forward(t._secondInput, half);
                onFull.Forward(t._noisyInput, tile);
                loss += ZsN2nLoss.Of(t._first, t._second, halfWidth, halfHeight, half, onFirst, onSecond, onFull);
                onFirst.Backward(sum);
                onSecond.Backward(sum);
                onFull.Backward(sum);
            }

            sum.CopyTo(t._groupGradients[item]);
            t._groupLosses[item] = loss;
        }
    }

    private sealed class OutputWork : IWork
    {
        private readonly ZsN2nTraining _training;
        private readonly float[][] _result;
        private readonly StackPass[] _passes;

        public OutputWork(ZsN2nTraining training, float[][] result)
        {
            (_training, _result) = (training, result);
            _passes = new StackPass[training._workers.Count];
            for (int w = 0; w < _passes.Length; w++)
            {
                _passes[w] = new StackPass(
                    training.Weights, WinogradConvolution.For(training.Weights.Stack), outputReach: 0, Tile, Tile);
            }
        }

        public void Run(int item, int worker)
        {
            ZsN2nTraining t = _training;
            Region tile = t._tiles[item];
            StackPass pass = _passes[worker];
            pass.Forward(t._noisyInput, tile);
            ReadOnlySpan<float> output = pass.Output;
            for (int y = 0; y < tile.Height; y++)
            {
                for (int x = 0; x < tile.Width; x++)
                {
                    int at = ((tile.Y + y) * t._width) + tile.X + x;
                    int from = ((y * tile.Width) + x) * pass.OutputStride;
                    for (int c = 0; c < _result.Length; c++)
                    {
                        _result[c][at] = t._noisy[c][at] - output[from + c];
                    }
                }
            }
        }
    }
}
