using Klar.Generated;
using Klar.Imaging;
using Klar.Networks;
using Klar.NonLocal;

namespace Klar.Prior;

/// <summary>
/// A network that was trained on generated pictures, and whose weights ship with Klar: it is told the noise's level and
/// how neighbours correlate. Three
/// channels are taken as red, green, blue.
/// </summary>
/// <remarks>docs/algorithms/prior.md says what the pictures are and how it was trained.</remarks>
public sealed class PriorDenoiser(PriorOptions options, RunSettings? run = null) : IDenoiser
{
    // Half of white, where the network sees a colour difference of none.
    private const float Middle = 0.5f;

    // Levels of training. Above them the picture is shown with less contrast; below, a share of what the lowest would
    // take out is taken.
    private const float MinSigma = 1.5f / 255, MaxSigma = 80 / 255f;

    // Weaker correlation of neighbours may as well be structure; a stronger one was not trained.
    private const double MinLag = 0.05, MaxLag = 0.84;
    private const float LevelBlur = 2;

    private static readonly Lazy<(Network Network, PreparedWeights Weights)> Shipped = new(Load);

    private readonly RunSettings _run = run ?? new();
    private readonly AdditiveNoise? _noise;

    /// <summary>The method for noise of known level and autocorrelation.</summary>
    public PriorDenoiser(AdditiveNoise noise, RunSettings? run = null)
        : this(new PriorOptions { Sigma = (noise ?? throw new ArgumentNullException(nameof(noise))).Sigma }, run) =>
        _noise = noise;

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default) =>
        PatchDenoising.Run(
        "prior",
        Settings.Of(("sigma", options.Sigma * 255)),
        noisy,
        options.Sigma,
        leastSide: 1,
        (channels, width, height, sigmas, advanced) => Denoised(channels, width, height, sigmas, advanced, cancel),
        _run,
        progress);

    private float[][] Denoised(
        float[][] noisy, int width, int height, float[] sigmas, Action<double> advanced, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        bool colour = noisy.Length == 3;
        float[][] channels = colour ? OpponentColours.FromRgb(noisy) : noisy;
        float[] levels = colour ? OpponentColours.Sigmas(sigmas) : sigmas;
        var output = new PriorOutput(Shipped.Value.Network, Shipped.Value.Weights, _run.Threads);
        float[][] result = [.. channels.Select((channel, c) => One(
            output, channel, levels[c], centre: colour && c > 0 ? 0 : Middle, width, height,
                new Part(share => advanced((c + share) / channels.Length)), cancel))];
        return colour ? OpponentColours.ToRgb(result) : result;
    }

    private float[] One(PriorOutput output, float[] channel, float sigma, float centre, int width, int height,
        IProgress<double> progress, CancellationToken cancel)
    {
        if (!channel.AsSpan().ContainsAnyExcept(channel[0]))
        {
            // No contrast, no noise; the network, which was told of some, would look for it.
            progress.Report(1);
            return [.. channel];
        }

        float contrast = Math.Min(1, MaxSigma / sigma), share = Math.Min(1, sigma / MinSigma);
        float[] shown = Array.ConvertAll(channel, sample => (contrast * (sample - centre)) + Middle);
        float[] made = output.Of(
            shown, Levels(channel, sigma / share, contrast, width, height), Lag1, width, height, progress, cancel);
        for (int i = 0; i < made.Length; i++)
        {
            float without = ((made[i] - Middle) / contrast) + centre;
            made[i] = share == 1 ? without : channel[i] + (share * (without - channel[i]));
        }

        return made;
    }

    private (float Across, float Down) Lag1 =>
        _noise?.Autocorrelation is { } lags ? (Lag(lags[(4 * 9) + 5]), Lag(lags[(5 * 9) + 4])) : (0, 0);

    private static float Lag(double lag) => lag < MinLag ? 0 : (float)Math.Min(lag, MaxLag);

    /// <summary>
    /// The level at every pixel: where it was measured over brightness, that of the noisy picture, blurred.
    /// </summary>
    private float[] Levels(float[] channel, float sigma, float contrast, int width, int height)
    {
        float[] levels = new float[channel.Length];
        if (_noise is not { Stabilised: true, Clipped: false, Levels.Count: > 0 })
        {
            levels.AsSpan().Fill(contrast * sigma);
            return levels;
        }

        var grid = new Grid(width, height);
        channel.CopyTo(grid.Values, 0);
        float[] blurred = grid.Blurred(LevelBlur).Values;
        for (int i = 0; i < levels.Length; i++)
        {
            levels[i] = Math.Max(MinSigma, contrast * Math.Clamp(_noise.At(blurred[i]), 0.5f * sigma, 2 * sigma));
        }

        return levels;
    }

    private static (Network Network, PreparedWeights Weights) Load()
    {
        Network network = PriorNetwork.Of();
        using Stream file = typeof(PriorDenoiser).Assembly.GetManifestResourceStream("prior.safetensors")!;
        return (network, PriorWeights.Load(file, network).Weights);
    }

    private sealed class Part(Action<double> advanced) : IProgress<double>
    {
        public void Report(double value) => advanced(value);
    }
}
