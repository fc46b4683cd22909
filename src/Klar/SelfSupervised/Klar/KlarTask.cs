using Klar.Imaging;
using Klar.Networks;
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
/// z and −z are both used: what z adds to the target cancels to first order.
/// </remarks>
internal sealed class KlarTask
{
    private const int Tile = 64;
    private const int Batch = 4;
    private const double Rate = 3e-3;
    private const float Strength = 0.5f;
    private const float RiskStrength = 0.5f;

    // The weights of a larger picture are measured on windows of it.
    private const int WindowSide = 256;
    private const int MostPixels = 768 * 768;

    private readonly float[][] _noisy;
    private readonly int _width;
    private readonly int _height;
    private readonly float[] _sigmas;
    private readonly IReadOnlyList<double>? _autocorrelation;
    private readonly KlarPlan _plan;
    private readonly RunSettings _run;
    private readonly CancellationToken _cancel;
    private readonly CounterRandom _random;
    private readonly bool[] _heldBack;

    public KlarTask(
        float[][] noisy, int width, int height, float[] sigmas, IReadOnlyList<double>? autocorrelation, KlarPlan plan, RunSettings run, CancellationToken cancel)
    {
        (_noisy, _width, _height, _sigmas, _autocorrelation, _plan, _run, _cancel) = (noisy, width, height, sigmas, autocorrelation, plan, run, cancel);
        _random = new CounterRandom(run.Seed, RandomStream.Recorruption);
        _heldBack = new HeldBack(run.Seed, width, autocorrelation is not null).ToMask(width * height);
    }

    /// <summary>The parts' names, pilots first.</summary>
    public IReadOnlyList<string> Names => [.. _plan.Pilots, "network"];

    /// <summary>How much each part counted.</summary>
    public IReadOnlyList<double> Weights { get; private set; } = [];

    /// <summary>Runs it; <paramref name="advanced"/> hears the share done.</summary>
    public float[][] Run(Action<double> advanced)
    {
        PreparedWeights network = Trained(share => advanced(0.6 * share));
        var output = new NetworkOutput(network, _run.Threads);
        Weights = Measured(output);
        advanced(0.9);

        float[][] sum = [.. _noisy.Select(static plane => new float[plane.Length])];
        for (int part = 0; part < Names.Count; part++)
        {
            if (Weights[part] > 0)
            {
                Add(Part(part, output, _noisy, _width, _height, 1), (float)Weights[part], sum);
            }
        }

        advanced(1);
        return sum;
    }

    private PreparedWeights Trained(Action<double> advanced)
    {
        ConvolutionStack shape = KlarNetwork.Of(_noisy.Length);
        int side = CropTraining.SideOf(shape, Tile);
        var crops = new RecorruptedCrops(
            _noisy, _width, _sigmas, Strength, Fields(first: 0), _heldBack, new CropGeometry(_run.Seed, _width, _height, side, Tile));
        var training = new CropTraining(shape, crops, Tile, Batch, _run.Threads);
        InitialWeights.Uniform(shape, _run.Seed, training.Weights.Parameters);
        var schedule = new OneCycleSchedule(Rate, _plan.Steps);
        for (int step = 1; step <= _plan.Steps; step++)
        {
            training.Step(schedule.At(step), _cancel);
            advanced((double)step / _plan.Steps);
        }

        training.Weights.Prepare();
        return training.Weights;
    }

    private double[] Measured(NetworkOutput output)
    {
        var weights = new PartWeights(Names.Count);
        NoiseField[] fields = Fields(first: _noisy.Length);
        float[] values = new float[Names.Count];
        float louder = MathF.Sqrt(1 + (RiskStrength * RiskStrength));
        foreach (Region window in Windows())
        {
            foreach (int sign in (int[])[1, -1])
            {
                float[][] input = new float[_noisy.Length][], target = new float[_noisy.Length][];
                for (int c = 0; c < input.Length; c++)
                {
                    (input[c], target[c]) = Recorrupted(c, window, fields[c], sign);
                }

                float[][][] parts = [.. Enumerable.Range(0, Names.Count).Select(part => Part(part, output, input, window.Width, window.Height, louder))];
                for (int i = 0; i < window.Pixels; i++)
                {
                    if (!_heldBack[((window.Y + (i / window.Width)) * _width) + window.X + (i % window.Width)])
                    {
                        continue;
                    }

                    for (int c = 0; c < input.Length; c++)
                    {
                        for (int part = 0; part < values.Length; part++)
                        {
                            values[part] = parts[part][c][i];
                        }

                        weights.Add(values, target[c][i]);
                    }
                }
            }
        }

        return weights.Solve();
    }

    private (float[] Input, float[] Target) Recorrupted(int channel, Region window, NoiseField field, int sign)
    {
        float[] input = new float[window.Pixels], target = new float[window.Pixels];
        for (int i = 0; i < input.Length; i++)
        {
            (int x, int y) = (window.X + (i % window.Width), window.Y + (i / window.Width));
            float sample = _noisy[channel][(y * _width) + x], z = sign * _sigmas[channel] * field.At(x, y);
            (input[i], target[i]) = (sample + (RiskStrength * z), sample - (z / RiskStrength));
        }

        return (input, target);
    }

    /// <summary>What part number <paramref name="part"/> makes of channels whose noise is <paramref name="louder"/> times that of the picture.</summary>
    private float[][] Part(int part, NetworkOutput output, float[][] channels, int width, int height, float louder)
    {
        _cancel.ThrowIfCancellationRequested();
        if (part == _plan.Pilots.Count)
        {
            return OverOrientations(output, channels, width, height);
        }

        float sigma = louder * (float)Math.Sqrt(_sigmas.Average(static level => (double)level * level));
        var image = new Image([.. channels.Select(samples => new Plane(width, height, samples))]);
        IDenoiser pilot = KlarPlan.Pilot(_plan.Pilots[part], new AdditiveNoise(sigma) { Autocorrelation = _autocorrelation }, _run);
        return [.. pilot.Denoise(image, cancel: _cancel).Image.Planes.Select(static plane => plane.Samples.ToArray())];
    }

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
        [.. Enumerable.Range(first, _noisy.Length).Select(number => new NoiseField(_random, (ulong)number * NoiseField.Side * NoiseField.Side, _autocorrelation))];

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
