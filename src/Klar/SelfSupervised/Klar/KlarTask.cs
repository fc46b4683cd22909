using Klar.Networks;
using Klar.Noise;
using Klar.Numerics;
using Klar.Prior;

namespace Klar.SelfSupervised.Klar;

/// <summary>One run of the method on channels that belong together.</summary>
/// <remarks>
/// <code>
/// x_k = P_k(y)                              patch methods
/// g   = mean of the x_k and the prior as it ships
/// f   the prior, adapted to (g + z, g), with fresh noise z
/// x_K = mean over four or eight orientations of f(y)
/// w   = argmin Σ |Σ w_k x_k(y ± a z) − (y ∓ z / a)|²,  w ≥ 0, Σ w = 1
/// x   = Σ w_k x_k
/// </code>
/// </remarks>
internal sealed class KlarTask
{
    private const double Rate = 2e-4;

    // The next frame of a stack starts with the weights of the one before: smaller steps keep what they know.
    private const double WarmRate = 0.3;

    // How far weights by thinning are trusted; the rest is shared equally. Photons alone would allow 1; in micrographs
    // noise is correlated a little, and a method that keeps it is taken for better than it is.
    private const double ThinningTrust = 0.5;

    // σ of a page over the noise that was measured; less is that of a mean of several.
    private const float MaxOfOne = 0.95f;

    private readonly float[][] _noisy;
    private readonly int _width;
    private readonly int _height;
    private readonly float[] _sigmas;
    private readonly AdditiveNoise? _noise;
    private readonly NoiseMap? _map;
    private readonly KlarPlan _plan;
    private readonly RunSettings _run;
    private readonly CancellationToken _cancel;
    private readonly CounterRandom _random;
    private readonly string _name;

    /// <param name="noisy">Channels that belong together.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="sigmas">σ of each channel.</param>
    /// <param name="noise">What else is known of the noise.</param>
    /// <param name="map">How σ varies over the page; null where it does not.</param>
    /// <param name="plan">What the effort buys.</param>
    /// <param name="first">
    /// The number of the first of these channels in the image, by which their network is kept for the next frame.
    /// </param>
    /// <param name="run">Threads and seed.</param>
    /// <param name="cancel">Ends it.</param>
    public KlarTask(
        float[][] noisy, int width, int height, float[] sigmas, AdditiveNoise? noise, NoiseMap? map, KlarPlan plan,
        int first, RunSettings run, CancellationToken cancel)
    {
        (_noisy, _width, _height, _sigmas, _noise, _map) = (noisy, width, height, sigmas, noise, map);
        (_plan, _run, _cancel) = (plan, run, cancel);
        _name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"klar.{first}");
        _random = new CounterRandom(run.Seed, RandomStream.Recorruption);
    }

    /// <summary>The parts' names.</summary>
    public IReadOnlyList<string> Names => [.. _plan.Pilots, "prior"];

    /// <summary>How much each part counted.</summary>
    public IReadOnlyList<double> Weights { get; private set; } = [];

    /// <summary>Whether the adaptation began with the weights of a run before.</summary>
    public bool IsWarm { get; private set; }

    // The noise of a mean of several pages is weaker than that which was measured, and no longer that of photons.
    private bool IsOfSeveral => _map is not null || (_noise is not null && _sigmas.Max() < MaxOfOne * _noise.Sigma);

    private bool IsAdapted => _plan.Steps > 0 && _sigmas.Min() >= PriorView.MinSigma;

    /// <summary>Runs it; <paramref name="advanced"/> hears the share done.</summary>
    public float[][] Run(Action<double> advanced)
    {
        List<float[][]> parts =
            [.. _plan.Pilots.Select(pilot => Pilot(pilot, _noisy, _width, _height, louder: 1, _map))];
        advanced(0.2);
        float[][] shipped = Prior(
            PriorModel.Shipped, _noisy, _width, _height, louder: 1, _map, IsAdapted ? 1 : _plan.Orientations);
        float[][] guide = Mean([.. parts, shipped]), sigmas = SigmaOfSamples(guide);
        PriorModel model = Adapted(guide, sigmas, share => advanced(0.2 + (0.4 * share)));
        parts.Add(IsAdapted
            ? Prior(model, _noisy, _width, _height, louder: 1, _map, _plan.Orientations)
            : shipped);
        advanced(0.7);

        Weights = _run.WarmStart?.FrozenWeights(_name) is { } known && known.Count == parts.Count
            ? known
            : Measured(model, guide, sigmas, share => advanced(0.7 + (0.3 * share)));
        _run.WarmStart?.KeepWeights(_name, Weights);
        advanced(1);
        return Sum(parts, Weights);
    }

    /// <summary>
    /// The prior, adapted to the mean of all parts with fresh noise, which does not depend on the noise there is.
    /// </summary>
    private PriorModel Adapted(float[][] guide, float[][] sigmas, Action<double> advanced)
    {
        if (!IsAdapted)
        {
            return PriorModel.Shipped;
        }

        PriorModel model = PriorModel.Shipped.Copy();
        (int steps, double rate) = (_plan.Steps, Rate);
        if (_run.WarmStart is { } last && last.TryTake(_name, model.Network.Parameters, model.Weights.Parameters))
        {
            (steps, rate, IsWarm) = (last.ShortOf(steps), Rate * WarmRate, true);
            model.Weights.Prepare();
            if (steps == 0)
            {
                return model;
            }
        }

        var geometry = new CropGeometry(_run.Seed, _width, _height, PriorAdaptation.Side);
        var crops = new NoisyCrops(guide, _width, sigmas, Fields(first: 0), _noise?.Shape, geometry);
        var training = new PriorAdaptation(model, crops, _sigmas, _noise, _run.Threads);
        var schedule = new OneCycleSchedule(rate, steps, Rise: 0.1);
        for (int step = 1; step <= steps; step++)
        {
            training.Step(schedule.At(step), _cancel);
            advanced((double)step / steps);
        }

        _run.WarmStart?.Keep(_name, model.Network.Parameters, model.Weights.Parameters);
        return model;
    }

    /// <summary>The weights of all parts, measured on probes.</summary>
    private double[] Measured(PriorModel model, float[][] guide, float[][] sigmas, Action<double> advanced)
    {
        int count = _plan.Pilots.Count + 1;
        bool isThinned = _plan.IsNotNormal && !IsOfSeveral;
        Probe[] probes = !isThinned
            ? [.. Probe.Recorrupted(_noisy, _width, _height, OnMap(sigmas), Fields(first: _noisy.Length))]
            : _noise?.Thinning is { } thinning ? [.. Probe.Thinned(_noisy, _width, _height, thinning)] : [];
        var weights = new PartWeights(count);
        for (int p = 0; p < probes.Length; p++)
        {
            Probe probe = probes[p];
            (int width, int height) = (probe.Window.Width, probe.Window.Height);
            NoiseMap? map = _map?.Crop(probe.Window.X, probe.Window.Y, width, height);
            float[][][] parts =
            [
                .. _plan.Pilots.Select(pilot => Pilot(pilot, probe.Input, width, height, probe.Louder, map)),
                Prior(model, probe.Input, width, height, probe.Louder, map, _plan.Orientations),
            ];
            Add(probe, parts, guide, weights);
            advanced((p + 1.0) / probes.Length);
        }

        double[] measured = weights.Solve();
        return isThinned
            ? [.. measured.Select(weight => (ThinningTrust * weight) + ((1 - ThinningTrust) / count))]
            : measured;
    }

    private void Add(Probe probe, float[][][] parts, float[][] guide, PartWeights weights)
    {
        float[] values = new float[parts.Length];
        for (int i = 0; i < probe.Window.Pixels; i++)
        {
            int at = probe.At(i, _width);
            for (int c = 0; c < _noisy.Length; c++)
            {
                for (int part = 0; part < values.Length; part++)
                {
                    float made = parts[part][c][i];
                    values[part] = probe.Compared is { } compared ? compared(made) : made;
                }

                weights.Add(values, probe.Target[c][i], probe.Compared is null ? Importance(guide[c][at]) : 1);
            }
        }
    }

    /// <summary>
    /// What a patch method makes of channels whose noise is <paramref name="louder"/> times that of the picture.
    /// </summary>
    private float[][] Pilot(
        string name, float[][] channels, int width, int height, float louder, NoiseMap? map)
    {
        _cancel.ThrowIfCancellationRequested();
        float sigma = louder * (float)Math.Sqrt(_sigmas.Average(static level => (double)level * level));
        var image = new Image([.. channels.Select(samples => new Plane(width, height, samples))]);
        var noise = new AdditiveNoise(sigma)
        {
            Autocorrelation = _noise?.Autocorrelation,
            Compressed = _noise is { Compressed: true },
        };
        Image made = KlarPlan.Pilot(name, noise, map, _run).Denoise(image, cancel: _cancel).Image;
        return [.. made.Planes.Select(static plane => plane.Samples.ToArray())];
    }

    /// <summary>What the prior makes of them.</summary>
    private float[][] Prior(
        PriorModel model, float[][] channels, int width, int height, float louder, NoiseMap? map, int orientations) =>
        model.Denoise(
            channels, width, height, Times(louder), _noise, map, orientations, _run.Threads, static _ => { }, _cancel);

    private float[] Times(float louder) => [.. _sigmas.Select(sigma => louder * sigma)];

    /// <summary>What a squared error counts where the guide has this brightness.</summary>
    private double Importance(float brightness) =>
        _noise?.Slope is { } slope ? slope(brightness) * slope(brightness) : 1;

    /// <summary>σ of every sample: where it depends on brightness, at that of the guide.</summary>
    private float[][] SigmaOfSamples(float[][] guide) => [.. guide.Select((samples, c) =>
    {
        // σ of a page that was made of several is lower than that of the noise which was measured.
        float share = _noise is null ? 1 : _sigmas[c] / _noise.Sigma;
        return Array.ConvertAll(
            samples, sample => _noise?.Levels is null ? _sigmas[c] : share * _noise.At(sample));
    })];

    /// <summary>σ of every sample of a page whose noise varies as the map says.</summary>
    private float[][] OnMap(float[][] sigmas) => _map is not { Relative: { } relative }
        ? sigmas
        : [.. sigmas.Select(channel => channel.Select((sigma, i) => sigma * relative[i]).ToArray())];

    private NoiseField[] Fields(int first) => [.. Enumerable.Range(first, _noisy.Length).Select(number =>
        new NoiseField(_random, (ulong)number * NoiseField.Side * NoiseField.Side, _noise?.Autocorrelation))];

    private static float[][] Mean(List<float[][]> parts) =>
        Sum(parts, [.. Enumerable.Repeat(1.0 / parts.Count, parts.Count)]);

    private static float[][] Sum(List<float[][]> parts, IReadOnlyList<double> weights)
    {
        float[][] sum = [.. parts[0].Select(static plane => new float[plane.Length])];
        for (int part = 0; part < parts.Count; part++)
        {
            float weight = (float)weights[part];
            for (int c = 0; c < sum.Length; c++)
            {
                for (int i = 0; i < sum[c].Length; i++)
                {
                    sum[c][i] += weight * parts[part][c][i];
                }
            }
        }

        return sum;
    }
}
