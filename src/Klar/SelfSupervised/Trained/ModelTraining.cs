using System.Globalization;
using Klar.Networks;
using Klar.Scheduling;

namespace Klar.SelfSupervised.Trained;

/// <summary>
/// The training of a model on many images. Steps are taken one by one, by whoever wants them; between two of them all
/// that the next depends on can be saved and read back
/// (<see cref="Save"/>, <see cref="Resume"/>), and training goes on with the same bits.
/// </summary>
public abstract class ModelTraining : ITraining
{
    private readonly ISchedule _schedule;
    private readonly Workers _workers;
    private readonly Adam _adam;
    private readonly ParameterUpdate _update;
    private readonly GradientWork _gradients;
    private readonly PreparedWeights _weights;
    private readonly float _slope;
    private readonly ulong _seed;
    private readonly TrainingState _state;

    private protected ModelTraining(
        string method, int channels, float slope, double initialScale, ISchedule schedule, double beta2,
        ModelScale scale, TrainingOptions options, RunSettings run)
    {
        (Method, Channels, Scale, Options, _schedule, _slope, _seed) =
            (method, channels, scale, options, schedule, slope, run.Seed);
        Network = UNet.Of(channels, slope);
        _weights = new PreparedWeights(Network.Parameters);
        InitialWeights.HeNormal(Network.Parameters, run.Seed, initialScale, _weights.Parameters);
        _weights.Prepare();
        float[][] groups = [.. Enumerable.Range(0, options.Batch).Select(_ => new float[_weights.Parameters.Length])];
        _adam = new Adam(_weights.Parameters.Length, beta2: beta2);
        _state = new TrainingState(_weights, _adam);
        _update = new ParameterUpdate(_weights.Parameters, groups, _adam);
        _workers = new Workers(Math.Min(run.Threads, options.Batch));
        _gradients = new GradientWork(this, groups);
    }

    /// <inheritdoc/>
    public string Method { get; }

    /// <summary>Channels of the images.</summary>
    public int Channels { get; }

    /// <summary>How the model sees grey levels.</summary>
    public ModelScale Scale { get; }

    /// <summary>How it is trained.</summary>
    public TrainingOptions Options { get; }

    /// <inheritdoc/>
    public int StepCount => Options.Steps;

    /// <inheritdoc/>
    public IReadOnlyList<float> Losses => _state.Losses;

    private protected Network Network { get; }

    /// <summary>The model as trained so far.</summary>
    /// <param name="notes">What else is to be known of it, by name: its noise, its files.</param>
    public TrainedModel Model(IReadOnlyDictionary<string, string>? notes = null)
    {
        var known = new Dictionary<string, string>(notes ?? new Dictionary<string, string>())
        {
            ["steps"] = Losses.Count.ToString(CultureInfo.InvariantCulture),
            ["seed"] = _seed.ToString(CultureInfo.InvariantCulture),
        };
        return new TrainedModel(Method, Channels, _slope, Scale, _weights.Parameters, known);
    }

    /// <inheritdoc/>
    public IEnumerable<TrainingStep> Steps(CancellationToken cancel = default)
    {
        while (Losses.Count < Options.Steps)
        {
            yield return Step(cancel);
        }
    }

    /// <inheritdoc/>
    public void SaveModel(Stream to, IReadOnlyDictionary<string, string> notes) => Model(notes).Save(to);

    /// <summary>Takes a step. A cancelled step has not been taken.</summary>
    internal TrainingStep Step(CancellationToken cancel)
    {
        int step = Losses.Count + 1;
        _gradients.Begin((double)(step - 1) / Options.Steps, (ulong)Losses.Count * (ulong)Options.Batch, cancel);
        _workers.Run(_gradients, Options.Batch, cancel);
        _adam.BeginStep(_schedule.At(step));
        _workers.Run(_update, _update.Chunks, CancellationToken.None);
        _weights.Prepare();
        double loss = _gradients.Loss;
        _state.Add(loss);
        return new TrainingStep(step, loss);
    }

    /// <inheritdoc/>
    public void Save(Stream to, string data) => _state.Save(to, Request(data));

    /// <inheritdoc/>
    public void Resume(Stream from, string data) => _state.Resume(from, Request(data), Options.Steps);

    /// <summary>The memory of a worker for a crop's loss.</summary>
    private protected abstract ICropLoss LossOf(PreparedWeights weights, GradientSum sum);

    /// <summary>The channels that all images have.</summary>
    private protected static int ChannelsOf(IReadOnlyList<Image> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentOutOfRangeException.ThrowIfZero(images.Count, nameof(images));
        int channels = images[0].Planes.Count;
        return images.All(image => image.Planes.Count == channels)
            ? channels
            : throw new ArgumentException("All images must have the same number of channels.", nameof(images));
    }

    private string Request(string data) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Method} {Channels} {Options.Steps} {Options.Batch} {Options.CropSize} {Options.LearningRate:R} "
            + $"{Scale.Black:R} {Scale.White:R} {_seed} {data}");

    /// <summary>A crop of the batch is an item.</summary>
    private sealed class GradientWork(ModelTraining training, float[][] gradients) : IWork
    {
        private readonly double[] _losses = new double[gradients.Length];
        private readonly (ICropLoss Loss, GradientSum Sum)?[] _places =
            new (ICropLoss, GradientSum)?[training._workers.Count];
        private double _done;
        private ulong _first;
        private CancellationToken _cancel;

        /// <summary>The batch's loss.</summary>
        public double Loss => _losses.Sum();

        public void Begin(double done, ulong first, CancellationToken cancel) =>
            (_done, _first, _cancel) = (done, first, cancel);

        public void Run(int item, int worker)
        {
            (ICropLoss loss, GradientSum sum) = _places[worker] ??= Place();
            sum.Clear();
            _losses[item] = loss.Add(_first + (ulong)item, _done, _cancel);
            sum.CopyTo(gradients[item]);
        }

        private (ICropLoss Loss, GradientSum Sum) Place()
        {
            var sum = new GradientSum(training._weights);
            return (training.LossOf(training._weights, sum), sum);
        }
    }
}
