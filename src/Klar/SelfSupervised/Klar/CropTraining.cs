using Klar.Networks;
using Klar.Scheduling;

namespace Klar.SelfSupervised.Klar;

/// <summary>
/// Trains a network that predicts noise on a few crops a step, so that a step's time does not depend on the picture's size. Crops bring the
/// surroundings with them that the network sees: no border is ever seen in training.
/// </summary>
internal sealed class CropTraining
{
    private readonly NoisyCrops _source;
    private readonly int _tile;
    private readonly int _margin;
    private readonly Workers _workers;
    private readonly Adam _adam;
    private readonly GradientWork _gradients;
    private readonly ParameterUpdate _update;
    private readonly float[][] _groupGradients;
    private readonly double[] _losses;
    private ulong _crops;

    /// <param name="network">The network: noise from a noisy picture.</param>
    /// <param name="source">The crops.</param>
    /// <param name="tile">Side of the part of a crop that counts.</param>
    /// <param name="batch">Crops a step.</param>
    /// <param name="threads">Threads.</param>
    public CropTraining(ConvolutionStack network, NoisyCrops source, int tile, int batch, int threads)
    {
        (_source, _tile) = (source, tile);
        _margin = network.Reach + network.GradientReach;
        Weights = new PreparedWeights(network);
        _adam = new Adam(Weights.Parameters.Length);
        _groupGradients = [.. Enumerable.Range(0, batch).Select(_ => new float[Weights.Parameters.Length])];
        _losses = new double[batch];
        _workers = new Workers(Math.Min(threads, batch));
        _gradients = new GradientWork(this);
        _update = new ParameterUpdate(Weights.Parameters, _groupGradients, _adam);
    }

    /// <summary>The network as trained so far.</summary>
    public PreparedWeights Weights { get; }

    /// <summary>Side of a crop with its surroundings.</summary>
    public static int SideOf(ConvolutionStack network, int tile) => tile + (2 * (network.Reach + network.GradientReach));

    /// <summary>One step with this learning rate; returns the mean squared difference before it.</summary>
    public double Step(double rate, CancellationToken cancel)
    {
        Weights.Prepare();
        _workers.Run(_gradients, _groupGradients.Length, cancel);
        _crops += (ulong)_groupGradients.Length;
        _adam.BeginStep(rate);
        _workers.Run(_update, _update.Chunks, cancel);
        return _losses.Sum() / (_losses.Length * _source.Channels * (double)_tile * _tile);
    }

    private sealed class GradientWork : IWork
    {
        private readonly CropTraining _training;
        private readonly (InputImage Input, float[] Target, StackPass Pass, GradientSum Sum)[] _places;

        public GradientWork(CropTraining training)
        {
            _training = training;
            int side = training._tile + (2 * training._margin);
            _places = new (InputImage, float[], StackPass, GradientSum)[training._workers.Count];
            for (int w = 0; w < _places.Length; w++)
            {
                var sum = new GradientSum(training.Weights);
                _places[w] = (
                    new InputImage(side, side, training._source.Channels),
                    new float[side * side * training._source.Channels],
                    new StackPass(training.Weights, sum.Winograd, training.Weights.Stack.GradientReach, training._tile, training._tile),
                    sum);
            }
        }

        public void Run(int item, int worker)
        {
            (InputImage input, float[] target, StackPass pass, GradientSum sum) = _places[worker];
            sum.Clear();
            _training._source.Fill(_training._crops + (ulong)item, input, target);
            pass.Forward(input, new Region(_training._margin, _training._margin, _training._tile, _training._tile));
            _training._losses[item] = SquaredDifferences(input, target, pass);
            pass.Backward(sum);
            sum.CopyTo(_training._groupGradients[item]);
        }

        /// <summary>|y − f(y) − target|², and its gradient at f(y) over all pixels that have a share in the tile's weights.</summary>
        private double SquaredDifferences(InputImage input, float[] target, StackPass pass)
        {
            int channels = _training._source.Channels, stride = pass.OutputStride;
            float scale = -2f / (_training._groupGradients.Length * channels * (float)_training._tile * _training._tile);
            Region region = pass.OutputRegion, tile = region.Grown(-_training.Weights.Stack.GradientReach);
            ReadOnlySpan<float> output = pass.Output;
            Span<float> gradient = pass.OutputGradient;
            double sum = 0;
            int at = 0;
            for (int y = region.Y; y < region.Y + region.Height; y++)
            {
                ReadOnlySpan<float> row = input.Row(y);
                for (int x = region.X; x < region.X + region.Width; x++)
                {
                    double squares = 0;
                    for (int c = 0; c < channels; c++)
                    {
                        float wanted = target[(((y * input.Width) + x) * channels) + c];
                        float off = float.IsNaN(wanted) ? 0 : row[(x * input.Channels) + c] - output[at + c] - wanted;
                        gradient[at + c] = scale * off;
                        squares += off * off;
                    }

                    sum += tile.Contains(x, y) ? squares : 0;
                    at += stride;
                }
            }

            return sum;
        }
    }
}
