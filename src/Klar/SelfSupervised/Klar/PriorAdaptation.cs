using Klar.Networks;
using Klar.NonLocal;
using Klar.Prior;
using Klar.Scheduling;

namespace Klar.SelfSupervised.Klar;

/// <summary>
/// Trains a copy of the prior on crops of the one picture that it is to denoise: a few steps take it from pictures in
/// general to this one.
/// </summary>
/// <remarks>
/// As in Mohan et al., GainTuning, NeurIPS 2021, and Vaksman, Elad and Milanfar, LIDIA, CVPR Workshops 2020; here all
/// weights are trained (docs/algorithms/klar.md compares).
/// </remarks>
internal sealed class PriorAdaptation
{
    /// <summary>Side of a crop.</summary>
    public const int Side = 96;

    private const int Batch = 4;

    private readonly PriorModel _model;
    private readonly NoisyCrops _crops;
    private readonly PriorNoise _noise;
    private readonly float[] _sigmas;
    private readonly PriorView[] _views;
    private readonly Workers _workers;
    private readonly Adam _adam;
    private readonly ParameterUpdate _update;
    private readonly GradientWork _gradients;
    private ulong _taken;

    /// <param name="model">What is trained: a copy.</param>
    /// <param name="crops">The pairs, with the side <see cref="Side"/>.</param>
    /// <param name="sigmas">σ of the noise in the crops' inputs, a channel each.</param>
    /// <param name="noise">What else is known of it.</param>
    /// <param name="threads">Threads to use.</param>
    public PriorAdaptation(PriorModel model, NoisyCrops crops, float[] sigmas, AdditiveNoise? noise, int threads)
    {
        bool isColour = crops.Channels == 3;
        (_model, _crops, _noise) = (model, crops, new PriorNoise(noise, map: null));
        _sigmas = isColour ? OpponentColours.Sigmas(sigmas) : sigmas;
        _views = [.. _sigmas.Select((sigma, c) => PriorView.Of(sigma, isColourDifference: isColour && c > 0))];
        _workers = new Workers(Math.Min(threads, Batch));
        _adam = new Adam(model.Weights.Parameters.Length);
        float[][] sums = [.. Enumerable.Range(0, Batch).Select(_ => new float[model.Weights.Parameters.Length])];
        _update = new ParameterUpdate(model.Weights.Parameters, sums, _adam);
        _gradients = new GradientWork(this, sums);
    }

    /// <summary>One step with this learning rate.</summary>
    public void Step(double rate, CancellationToken cancel)
    {
        _workers.Run(_gradients, Batch, cancel);
        _taken += Batch;
        _adam.BeginStep(rate);
        _workers.Run(_update, _update.Chunks, cancel);
        _model.Weights.Prepare();
    }

    /// <summary>A crop is an item.</summary>
    private sealed class GradientWork(PriorAdaptation training, float[][] gradients) : IWork
    {
        private readonly Place?[] _places = new Place?[training._workers.Count];

        public void Run(int item, int worker)
        {
            Place place = _places[worker] ??= new Place(training._model, training._crops.Channels);
            ulong number = training._taken + (ulong)item;
            training._crops.Fill(number, place.Input, place.Target);

            // Of a colour picture, its luminance and its colour differences in turn.
            int channels = training._crops.Channels, channel = (int)(number % (ulong)channels);
            float[] noisy = AsTheNetworkTakesIt(place.Input)[channel];
            float[] target = AsTheNetworkTakesIt(place.Target)[channel];
            PriorView view = training._views[channel];
            training._noise.FillLevels(place.Levels, noisy, Side, Side, training._sigmas[channel], view);
            float[] shown = Array.ConvertAll(noisy, view.Shown);
            PriorInput.Fill(place.Pass.Input, shown, place.Levels, Side, Side, training._noise.Lag1);
            place.Sum.Clear();
            place.Pass.Forward();
            SetGradient(place.Pass, shown, target, view);
            place.Pass.Backward();
            place.Sum.CopyTo(gradients[item]);
        }

        private static float[][] AsTheNetworkTakesIt(float[][] channels) =>
            channels.Length == 3 ? OpponentColours.FromRgb(channels) : channels;

        /// <summary>That of the squared difference between the noise found and the pair's.</summary>
        private static void SetGradient(NetworkPass pass, float[] shown, float[] target, PriorView view)
        {
            const float Scale = 2f / (Batch * Side * Side);
            for (int y = 0; y < Side; y++)
            {
                ReadOnlySpan<float> found = pass.Output.Row(y);
                Span<float> gradient = pass.OutputGradient.Row(y);
                for (int x = 0; x < Side; x++)
                {
                    int i = (y * Side) + x, at = x * pass.Output.Stride;
                    float noise = PriorInput.Scale * (shown[i] - view.Shown(target[i]));
                    gradient[at] = Scale * (found[at] - noise);
                }
            }
        }
    }

    /// <summary>What a worker needs for itself.</summary>
    private sealed class Place
    {
        public Place(PriorModel model, int channels)
        {
            Sum = new GradientSum(model.Weights);
            Pass = new NetworkPass(model.Network, model.Weights, Sum, Side, Side);
            Input = [.. Enumerable.Range(0, channels).Select(static _ => new float[Side * Side])];
            Target = [.. Input.Select(static plane => new float[plane.Length])];
        }

        public GradientSum Sum { get; }

        public NetworkPass Pass { get; }

        public float[][] Input { get; }

        public float[][] Target { get; }

        public float[] Levels { get; } = new float[Side * Side];
    }
}
