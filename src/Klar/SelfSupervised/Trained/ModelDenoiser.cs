using Klar.Networks;
using Klar.SelfSupervised.Trained;

namespace Klar;

/// <summary>
/// Denoises with a model that was trained before. What it was not trained on, other noise above all, it does not
/// know.
/// </summary>
/// <param name="model">The model.</param>
/// <param name="run">Threads and clock; nothing is drawn.</param>
public sealed class ModelDenoiser(TrainedModel model, RunSettings? run = null) : IDenoiser
{
    private readonly RunSettings _run = run ?? new();
    private readonly Lazy<(Network Network, PreparedWeights Weights)> _built = new(model.Build);

    /// <inheritdoc/>
    /// <exception cref="UnsuitableImageException">
    /// The image has another number of channels than the model, which takes several at once.
    /// </exception>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        long start = _run.Clock.GetTimestamp();
        if (model.Channels != 1 && model.Channels != noisy.Planes.Count)
        {
            throw new UnsuitableImageException(
                $"The model takes images of {model.Channels} channels, and this one has {noisy.Planes.Count}.");
        }

        Require.Finite(noisy);
        (Network network, PreparedWeights weights) = _built.Value;
        var output = new ModelOutput(network, weights, _run.Threads);
        float[][] seen = [.. noisy.Planes.Select(plane => model.Scale.Seen(plane, noisy.Scale))];
        var parts = new PartProgress(progress, seen.Length / model.Channels);
        float[][] made = model.Channels > 1
            ? output.Of(seen, noisy.Width, noisy.Height, parts, cancel)
            : [.. seen.Select(plane => parts.Next(output.Of([plane], noisy.Width, noisy.Height, parts, cancel)[0]))];
        Image result =
            noisy.With([.. made.Select(plane => model.Scale.Undone(plane, noisy.Width, noisy.Height, noisy.Scale))]);
        var settings = Settings.Of(
            ("model-method", model.Method), ("model-black", model.Scale.Black), ("model-white", model.Scale.White),
            ("model-steps", model.Notes.GetValueOrDefault("steps")));
        return new Denoised(result, new DenoiseReport("model", settings, _run.Seed, _run.Clock.GetElapsedTime(start)));
    }

    private sealed class PartProgress(IProgress<DenoiseProgress>? progress, int parts) : IProgress<double>
    {
        private int _part;

        public void Report(double value) => progress?.Report(new DenoiseProgress("denoising", (_part + value) / parts));

        public float[] Next(float[] plane)
        {
            _part++;
            return plane;
        }
    }
}
