using System.Globalization;
using Klar.Networks;
using Klar.Scheduling;
using static System.FormattableString;

namespace Klar.Prior;

/// <summary>
/// The training of the prior on generated pictures with generated noise: a function of seed and options, bit for bit,
/// on any machine and any number of
/// threads. Steps are taken one by one; between two of them all that the next depends on can be saved and read back.
/// </summary>
public sealed class PriorTraining : ITraining
{
    // Gradients are summed in so many groups, whoever works on them.
    private const int MaxGroups = 4;

    // Of pictures, noise and loss: a training does not go on when one of them has changed.
    private const int Edition = 2;

    private const int WarmUp = 500;
    private const int Window = 128;
    private const double Decay = 0.9995;
    private const string Average = "average";

    private readonly PriorTrainingOptions _options;
    private readonly ulong _seed;
    private readonly OneCycleSchedule _schedule;
    private readonly Workers _workers;
    private readonly Adam _adam;
    private readonly ParameterUpdate _update;
    private readonly GradientWork _gradients;
    private readonly PreparedWeights _weights;
    private readonly AveragedWeights _average;
    private readonly CropPictures _pictures;
    private readonly Network _network;
    private readonly TrainingState _state;

    /// <param name="options">How it is trained.</param>
    /// <param name="run">Seed and threads.</param>
    public PriorTraining(PriorTrainingOptions options, RunSettings run)
        : this(options, run, PriorNetwork.Of(), Window)
    {
    }

    internal PriorTraining(PriorTrainingOptions options, RunSettings run, Network network, int window)
    {
        (_options, _seed, _network) = (options, run.Seed, network);
        _schedule = new OneCycleSchedule(
            options.LearningRate, options.Steps, Rise: Math.Min(0.3, (double)WarmUp / options.Steps));
        _weights = new PreparedWeights(network.Parameters);
        InitialWeights.Uniform(network.Parameters, run.Seed, _weights.Parameters);
        _weights.Prepare();
        int groups = Math.Min(options.Batch, MaxGroups);
        float[][] sums = [.. Enumerable.Range(0, groups).Select(_ => new float[_weights.Parameters.Length])];
        _adam = new Adam(_weights.Parameters.Length);
        _state = new TrainingState(_weights, _adam);
        _average = new AveragedWeights(_weights.Parameters.Length, Decay);
        _update = new ParameterUpdate(_weights.Parameters, sums, _adam);
        _workers = new Workers(Math.Min(run.Threads, groups));
        _pictures = new CropPictures(run.Seed, options.CropSize, window);
        _gradients = new GradientWork(this, sums);
    }

    /// <inheritdoc/>
    public string Method => "prior";

    /// <inheritdoc/>
    public int StepCount => _options.Steps;

    /// <inheritdoc/>
    public IReadOnlyList<float> Losses => _state.Losses;

    /// <summary>Pixels that the network has been trained on.</summary>
    public long PixelsSeen => (long)Losses.Count * _options.Batch * _options.CropSize * _options.CropSize;

    /// <inheritdoc/>
    public IEnumerable<TrainingStep> Steps(CancellationToken cancel = default)
    {
        while (Losses.Count < _options.Steps)
        {
            yield return Step(cancel);
        }
    }

    /// <summary>Takes a step. A cancelled step has not been taken.</summary>
    internal TrainingStep Step(CancellationToken cancel)
    {
        int step = Losses.Count + 1;
        ulong first = (ulong)Losses.Count * (ulong)_options.Batch;
        _pictures.Prepare(first, _options.Batch, _workers, cancel);
        _gradients.Begin(first, cancel);
        _workers.Run(_gradients, _gradients.Groups, cancel);
        _adam.BeginStep(_schedule.At(step));
        _workers.Run(_update, _update.Chunks, CancellationToken.None);
        _weights.Prepare();
        _average.AddEarly(_weights.Parameters, step);
        double loss = _gradients.Loss;
        _state.Add(loss);
        return new TrainingStep(step, loss);
    }

    /// <inheritdoc/>
    public void Save(Stream to, string data) =>
        _state.Save(to, Request(data),
            new SafeTensors.Tensor(Average, [_average.Values.Length], _average.Values.ToArray()));

    /// <inheritdoc/>
    public void Resume(Stream from, string data)
    {
        float[] average = _state.Resume(from, Request(data), _options.Steps, Average)[0];
        if (Losses.Count > 0)
        {
            _average.GoOn(average);
        }
    }

    /// <inheritdoc/>
    public void SaveModel(Stream to, IReadOnlyDictionary<string, string> notes)
    {
        var known = new Dictionary<string, string>(notes)
        {
            ["steps"] = string.Create(CultureInfo.InvariantCulture, $"{Losses.Count} of {_options.Steps}"),
            ["pixels"] = PixelsSeen.ToString(CultureInfo.InvariantCulture),
            ["seed"] = _seed.ToString(CultureInfo.InvariantCulture),
        };
        PriorWeights.Save(to, _network, Losses.Count > 0 ? _average.Values : _weights.Parameters, known);
    }

    private string Request(string data) => string.Join(' ', [
        Invariant($"prior {Edition} {_weights.Parameters.Length} {_options.Steps} {_options.Batch}"),
        Invariant($"{_options.CropSize} {_options.LearningRate:R} {_seed} {data}")]);

    /// <summary>A group of the batch's crops is an item.</summary>
    private sealed class GradientWork(PriorTraining training, float[][] gradients) : IWork
    {
        private readonly double[] _groupLosses = new double[gradients.Length];
        private readonly (PriorLoss Loss, GradientSum Sum)?[] _places = new (PriorLoss, GradientSum)?[
            training._workers.Count];
        private ulong _first;
        private CancellationToken _cancel;

        public int Groups => gradients.Length;

        /// <summary>The batch's loss.</summary>
        public double Loss => _groupLosses.Sum();

        public void Begin(ulong first, CancellationToken cancel) => (_first, _cancel) = (first, cancel);

        public void Run(int item, int worker)
        {
            (PriorLoss loss, GradientSum sum) = _places[worker] ??= Place();
            sum.Clear();
            int batch = training._options.Batch;
            double total = 0;
            for (int crop = item * batch / Groups; crop < (item + 1) * batch / Groups; crop++)
            {
                total += loss.Add(_first + (ulong)crop, _cancel);
            }

            sum.CopyTo(gradients[item]);
            _groupLosses[item] = total;
        }

        private (PriorLoss Loss, GradientSum Sum) Place()
        {
            var sum = new GradientSum(training._weights);
            var pass = new NetworkPass(
                training._network, training._weights, sum, training._options.CropSize, training._options.CropSize);
            return (new PriorLoss(pass, training._pictures, training._seed, training._options.Batch), sum);
        }
    }
}
