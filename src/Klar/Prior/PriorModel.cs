using Klar.Networks;
using Klar.NonLocal;

namespace Klar.Prior;

/// <summary>The network with its weights: those that ship with Klar, or those that were adapted to a picture.</summary>
internal sealed class PriorModel
{
    private static readonly Lazy<PriorModel> TheShipped = new(Load);

    private PriorModel(Network network, PreparedWeights weights) => (Network, Weights) = (network, weights);

    /// <summary>The weights that ship with Klar; not to be changed.</summary>
    public static PriorModel Shipped => TheShipped.Value;

    public Network Network { get; }

    public PreparedWeights Weights { get; }

    /// <summary>The same weights, to be changed.</summary>
    public PriorModel Copy()
    {
        var copy = new PreparedWeights(Network.Parameters);
        Weights.Parameters.CopyTo(copy.Parameters, 0);
        copy.Prepare();
        return new PriorModel(Network, copy);
    }

    /// <summary>
    /// Denoises channels that belong together: three as red, green and blue, in luminance and colour differences.
    /// </summary>
    /// <param name="noisy">The channels, row-major; not to be changed.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="sigmas">σ of each channel.</param>
    /// <param name="noise">What else is known of the noise.</param>
    /// <param name="map">How σ varies over the page; null where it does not.</param>
    /// <param name="orientations">Over how many of the eight orientations the result is averaged.</param>
    /// <param name="threads">Threads to use.</param>
    /// <param name="advanced">Hears the share done.</param>
    /// <param name="cancel">Ends it.</param>
    public float[][] Denoise(
        float[][] noisy, int width, int height, float[] sigmas, AdditiveNoise? noise, NoiseMap? map, int orientations,
        int threads, Action<double> advanced, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        bool isColour = noisy.Length == 3;
        float[][] channels = isColour ? OpponentColours.FromRgb(noisy) : noisy;
        float[] levels = isColour ? OpponentColours.Sigmas(sigmas) : sigmas;
        var output = new OrientationAverage(Network, Weights, threads, orientations);
        var described = new PriorNoise(noise, map);
        float[][] result = [.. channels.Select((channel, c) =>
        {
            PriorView view = PriorView.Of(levels[c], isColourDifference: isColour && c > 0);
            var progress = new Part(share => advanced((c + share) / channels.Length));
            return One(output, channel, width, height, levels[c], view, described, progress, cancel);
        })];
        return isColour ? OpponentColours.ToRgb(result) : result;
    }

    private static float[] One(
        OrientationAverage output, float[] channel, int width, int height, float sigma, PriorView view,
        PriorNoise noise, IProgress<double> progress, CancellationToken cancel)
    {
        if (!channel.AsSpan().ContainsAnyExcept(channel[0]))
        {
            // No contrast, no noise; the network, which was given a level, would look for it.
            progress.Report(1);
            return [.. channel];
        }

        float[] shown = Array.ConvertAll(channel, view.Shown), levels = new float[channel.Length];
        noise.FillLevels(levels, channel, width, height, sigma, view);
        float[] mean = output.Of(shown, levels, noise.Lag1, width, height, progress, cancel);
        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] = view.Restored(mean[i], channel[i]);
        }

        return mean;
    }

    private static PriorModel Load()
    {
        Network network = PriorNetwork.Of();
        using Stream file = typeof(PriorModel).Assembly.GetManifestResourceStream("prior.safetensors")!;
        return new PriorModel(network, PriorWeights.Load(file, network).Weights);
    }

    private sealed class Part(Action<double> advanced) : IProgress<double>
    {
        public void Report(double value) => advanced(value);
    }
}
