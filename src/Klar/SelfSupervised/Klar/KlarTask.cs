using Klar.Imaging;
using Klar.Networks;
using Klar.Noise;
using Klar.Numerics;

namespace Klar.SelfSupervised.Klar;

/// <summary>One run of the method on channels that belong together.</summary>
/// <remarks>
/// <code>
/// x_k = P_k(y)                              pilots
/// f   trained on (y + a z, y − z / a)        but for samples held back
/// x_K = mean over the eight orientations of y − f(y)
/// w   = argmin Σ_held back |Σ w_k x_k(y ± a z) − (y ∓ z / a)|²,  w ≥ 0, Σ w = 1
/// x   = Σ w_k x_k
/// </code>
/// z and −z are both used: what z adds to the target cancels to first order. Where the noise is doubtful f is trained on (x_1 + z, x_1) instead.
/// </remarks>
internal sealed class KlarTask
{
    private const int Tile = 64;
    private const int Batch = 4;
    private const double Rate = 3e-3;

    // Weights of the frame before are not to be shaken loose.
    private const double WarmRate = 0.3;

    // a of the training pairs, and of those that the weights are measured on: these are to be hardly noisier than the picture.
    private const float Strength = 0.5f;
    private const float RiskStrength = 0.2f;

    // How far weights by thinning are trusted; the rest is shared alike. Photons alone would bear 1; in micrographs noise is correlated a little, and a
    // method that keeps it is taken for better than it is.
    private const double ThinningTrust = 0.5;

    // The weights of a larger picture are measured on windows of it.
    private const int WindowSide = 160;
    private const int MostPixels = 384 * 384;

    private readonly float[][] _noisy;
    private readonly int _width;
    private readonly int _height;
    private readonly float[] _sigmas;
    private readonly AdditiveNoise? _noise;
    private readonly KlarPlan _plan;
    private readonly RunSettings _run;
    private readonly CancellationToken _cancel;
    private readonly CounterRandom _random;
    private readonly bool[] _heldBack;
    private readonly int _group;

    /// <param name="noisy">Channels that belong together.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="sigmas">σ of each channel.</param>
    /// <param name="noise">What else is known of the noise.</param>
    /// <param name="plan">What the effort buys.</param>
    /// <param name="group">Which of the image's groups of channels it is: networks are kept apart for the next frame.</param>
    /// <param name="run">Threads and seed.</param>
    /// <param name="cancel">Ends it.</param>
    public KlarTask(
        float[][] noisy, int width, int height, float[] sigmas, AdditiveNoise? noise, KlarPlan plan, int group, RunSettings run, CancellationToken cancel)
    {
        _group = group;
        (_noisy, _width, _height, _sigmas, _noise, _plan, _run, _cancel) = (noisy, width, height, sigmas, noise, plan, run, cancel);
        _random = new CounterRandom(run.Seed, RandomStream.Recorruption);

        // A network that learns from a pilot sees no sample as a target.
        _heldBack = _plan.Doubtful ? [.. Enumerable.Repeat(true, width * height)] : HeldBack.Mask(run.Seed, width * height);
    }

    /// <summary>The parts' names, pilots first.</summary>
    public IReadOnlyList<string> Names => _plan.Steps == 0 ? _plan.Pilots : [.. _plan.Pilots, "network"];

    /// <summary>Under which the network is kept for the next run.</summary>
    private string Name => $"klar.{_group}";

    /// <summary>How much each part counted.</summary>
    public IReadOnlyList<double> Weights { get; private set; } = [];

    /// <summary>Whether the network began with the weights of a run before.</summary>
    public bool IsWarm { get; private set; }

    /// <summary>Runs it; <paramref name="advanced"/> hears the share done.</summary>
    public float[][] Run(Action<double> advanced)
    {
        List<float[][]> parts = [.. Enumerable.Range(0, _plan.Pilots.Count).Select(part => Pilot(part, _noisy, _width, _height, 1))];
        advanced(0.05);
        float[][] guide = parts[^1], sigmas = SigmaOfSamples(guide);
        IReadOnlyList<double>? known = _run.WarmStart?.FrozenWeights(Name);
        Probe[] probes = known is not null ? [] : [.. _plan.Alike ? ThinnedProbes() : Probes(sigmas)];
        advanced(0.2);

        if (_plan.Steps > 0)
        {
            PreparedWeights network = Trained(_plan.Doubtful ? guide : null, sigmas, share => advanced(0.2 + (0.6 * share)));
            var output = new NetworkOutput(network, _run.Threads);
            parts.Add(OverOrientations(output, _noisy, _width, _height));
            foreach (Probe probe in probes)
            {
                probe.Parts.Add(OverOrientations(output, probe.Input, probe.Window.Width, probe.Window.Height));
            }
        }

        double alike = 1.0 / parts.Count;
        Weights = known?.Count == parts.Count ? known
            : !_plan.Alike ? Measured(probes, guide)
            : probes.Length == 0 ? [.. parts.Select(_ => alike)]
            : [.. Measured(probes, guide).Select(weight => (ThinningTrust * weight) + ((1 - ThinningTrust) * alike))];
        _run.WarmStart?.KeepWeights(Name, Weights);
        advanced(1);
        return Sum(parts, Weights);
    }

    /// <summary>
    /// Trains on recorrupted pairs; or, where the noise is not known well enough for their noises to be independent, on a pilot with fresh noise, which knows
    /// nothing of the noise there is.
    /// </summary>
    private PreparedWeights Trained(float[][]? pilot, float[][] sigmas, Action<double> advanced)
    {
        ConvolutionStack shape = KlarNetwork.Of(_noisy.Length);
        var geometry = new CropGeometry(_run.Seed, _width, _height, CropTraining.SideOf(shape, Tile), Tile);
        NoisyCrops crops = pilot is null
            ? NoisyCrops.Recorrupted(_noisy, _width, sigmas, Strength, Fields(first: 0), _heldBack, geometry)
            : NoisyCrops.OfPilot(pilot, _width, sigmas, Fields(first: 0), _noise?.Shape, geometry);
        var training = new CropTraining(shape, crops, Tile, Batch, _run.Threads);
        (int steps, double rate) = (_plan.Steps, Rate);
        if (_run.WarmStart is { } last && last.TryTake(Name, shape, training.Weights.Parameters))
        {
            (steps, rate, IsWarm) = (last.ShortOf(steps), Rate * WarmRate, true);
        }
        else
        {
            InitialWeights.Uniform(shape, _run.Seed, training.Weights.Parameters);
        }

        var schedule = new OneCycleSchedule(rate, steps);
        for (int step = 1; step <= steps; step++)
        {
            training.Step(schedule.At(step), _cancel);
            advanced((double)step / steps);
        }

        _run.WarmStart?.Keep(Name, shape, training.Weights.Parameters);
        training.Weights.Prepare();
        return training.Weights;
    }

    /// <summary>A window of the picture, made noisier, what each part makes of it, and a target whose noise none of them has seen.</summary>
    private sealed record Probe(Region Window, float[][] Input, float[][] Target, List<float[][]> Parts)
    {
        /// <summary>A result as it is compared to the target; null if as it is.</summary>
        public Func<float, float>? Compared { get; init; }
    }

    private IEnumerable<Probe> Probes(float[][] sigmas)
    {
        NoiseField[] fields = Fields(first: _noisy.Length);
        float louder = MathF.Sqrt(1 + (RiskStrength * RiskStrength));
        foreach (Region window in Windows())
        {
            foreach (int sign in (int[])[1, -1])
            {
                float[][] input = new float[_noisy.Length][], target = new float[_noisy.Length][];
                for (int c = 0; c < input.Length; c++)
                {
                    (input[c], target[c]) = Recorrupted(c, window, sigmas[c], fields[c], sign);
                }

                yield return new Probe(window, input, target, OfPilots(input, window, louder));
            }
        }
    }

    /// <summary>Windows with some of the photons taken out, which are the target.</summary>
    private IEnumerable<Probe> ThinnedProbes()
    {
        if (_noise?.Thinning is not { } thinning)
        {
            yield break;
        }

        foreach (Region window in Windows())
        {
            float[][] input = [.. _noisy.Select(_ => new float[window.Pixels])], target = [.. input.Select(static samples => new float[samples.Length])];
            for (int c = 0; c < input.Length; c++)
            {
                for (int i = 0; i < window.Pixels; i++)
                {
                    int at = At(window, i);
                    (input[c][i], target[c][i]) = thinning.Split(_noisy[c][at], ((ulong)c * (ulong)_noisy[c].Length) + (ulong)at);
                }
            }

            yield return new Probe(window, input, target, OfPilots(input, window, louder: 1)) { Compared = thinning.Brightness };
        }
    }

    private List<float[][]> OfPilots(float[][] input, Region window, float louder) =>
        [.. Enumerable.Range(0, _plan.Pilots.Count).Select(part => Pilot(part, input, window.Width, window.Height, louder))];

    /// <summary>Where a window's sample is in the picture.</summary>
    private int At(Region window, int sample) => ((window.Y + (sample / window.Width)) * _width) + window.X + (sample % window.Width);

    private double[] Measured(Probe[] probes, float[][] guide)
    {
        float[] values = new float[probes[0].Parts.Count];
        var weights = new PartWeights(values.Length);
        foreach (Probe probe in probes)
        {
            for (int i = 0; i < probe.Window.Pixels; i++)
            {
                int at = At(probe.Window, i);
                for (int c = 0; _heldBack[at] && c < _noisy.Length; c++)
                {
                    for (int part = 0; part < values.Length; part++)
                    {
                        float made = probe.Parts[part][c][i];
                        values[part] = probe.Compared is { } compared ? compared(made) : made;
                    }

                    weights.Add(values, probe.Target[c][i], probe.Compared is null ? Importance(guide[c][at]) : 1);
                }
            }
        }

        return weights.Solve();
    }

    private (float[] Input, float[] Target) Recorrupted(int channel, Region window, float[] sigmas, NoiseField field, int sign)
    {
        float[] input = new float[window.Pixels], target = new float[window.Pixels];
        for (int i = 0; i < input.Length; i++)
        {
            int at = At(window, i);
            float sample = _noisy[channel][at], z = sign * sigmas[at] * field.At(at % _width, at / _width);
            (input[i], target[i]) = (sample + (RiskStrength * z), sample - (z / RiskStrength));
        }

        return (input, target);
    }

    /// <summary>What a pilot makes of channels whose noise is <paramref name="louder"/> times that of the picture.</summary>
    private float[][] Pilot(int part, float[][] channels, int width, int height, float louder)
    {
        _cancel.ThrowIfCancellationRequested();
        float sigma = louder * (float)Math.Sqrt(_sigmas.Average(static level => (double)level * level));
        var image = new Image([.. channels.Select(samples => new Plane(width, height, samples))]);
        var noise = new AdditiveNoise(sigma)
        {
            Autocorrelation = _noise?.Autocorrelation,
            Compressed = _noise is { Compressed: true },
        };
        IDenoiser pilot = KlarPlan.Pilot(_plan.Pilots[part], noise, _run);
        return [.. pilot.Denoise(image, cancel: _cancel).Image.Planes.Select(static plane => plane.Samples.ToArray())];
    }

    /// <summary>What a squared error counts where a pilot has this brightness.</summary>
    private double Importance(float brightness) => _noise?.Slope is { } slope ? slope(brightness) * slope(brightness) : 1;

    /// <summary>σ of every sample: where it depends on brightness, at that of a pilot.</summary>
    private float[][] SigmaOfSamples(float[][] pilot) =>
        [.. pilot.Select((samples, c) => Array.ConvertAll(samples, sample => _noise?.Levels is null ? _sigmas[c] : _noise.At(sample)))];

    private float[][] OverOrientations(NetworkOutput output, float[][] channels, int width, int height)
    {
        float[][] mean = [.. channels.Select(static samples => new float[samples.Length])];
        foreach (Orientation orientation in Orientation.All)
        {
            (int laidWidth, int laidHeight) = orientation.SizeOf(width, height);
            float[][] laid = output.Of([.. channels.Select(samples => orientation.Of(samples, width, height))], laidWidth, laidHeight, _cancel);
            Add([.. laid.Select(samples => orientation.Inverse.Of(samples, laidWidth, laidHeight))], 1f / Orientation.All.Count, mean);
        }

        return mean;
    }

    /// <summary>The whole picture, or windows in the middles of its quarters.</summary>
    private Region[] Windows()
    {
        if (_width * (long)_height <= MostPixels)
        {
            return [new Region(0, 0, _width, _height)];
        }

        (int width, int height) = (Math.Min(WindowSide, _width / 2), Math.Min(WindowSide, _height / 2));
        return [.. Enumerable.Range(0, 4).Select(i => new Region(
            (((2 * (i % 2)) + 1) * _width / 4) - (width / 2), (((2 * (i / 2)) + 1) * _height / 4) - (height / 2), width, height))];
    }

    private NoiseField[] Fields(int first) =>
        [.. Enumerable.Range(first, _noisy.Length).Select(number => new NoiseField(_random, (ulong)number * NoiseField.Side * NoiseField.Side, _noise?.Autocorrelation))];

    private static float[][] Sum(List<float[][]> parts, IReadOnlyList<double> weights)
    {
        float[][] sum = [.. parts[0].Select(static plane => new float[plane.Length])];
        for (int part = 0; part < parts.Count; part++)
        {
            Add(parts[part], (float)weights[part], sum);
        }

        return sum;
    }

    private static void Add(float[][] planes, float weight, float[][] sum)
    {
        for (int c = 0; c < planes.Length; c++)
        {
            for (int i = 0; i < planes[c].Length; i++)
            {
                sum[c][i] += weight * planes[c][i];
            }
        }
    }
}
