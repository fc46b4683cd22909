using Klar.Imaging;
using Klar.Noise;
using Klar.Numerics;

namespace Klar.Diagnostics;

/// <summary>
/// An estimate of a denoiser's mean squared error on one noisy image, without its clean partner. Additive Gaussian
/// noise of known covariance makes it unbiased; else it is as good as the noise estimate.
/// </summary>
/// <remarks>
/// Stein's unbiased risk estimate (Stein, Annals of Statistics 9(6), 1981) with the divergence by random probes
/// (Ramani, Blu and Unser, IEEE Trans. Image Processing 17(9), 2008). With z of the noise's covariance, drawn again
/// and again in both signs:
/// <code>
/// R = mean ½ (|D(y + a z) − y|² + |D(y − a z) − y|²) + mean z (D(y + a z) − D(y − a z)) / a − mean σ²
/// </code>
/// </remarks>
public sealed class SelfSupervisedRisk
{
    // a: small beside the noise, yet large enough for methods that choose (patches, medians) to choose anew.
    internal const float Strength = 0.3f;
    private const int GuideRadius = 3;

    // Noise whose neighbours are correlated more is not white enough for the exact divergence of a linear filter.
    private const double MaxLag = 0.03;

    private readonly Image _noisy;
    private readonly IReadOnlyList<Mask?> _masks;
    private readonly bool _isWhite;
    private readonly float[][] _probe;
    private readonly double _variance;

    /// <summary>Prepares the probes for an image.</summary>
    /// <param name="noisy">y.</param>
    /// <param name="noise">What was measured on it.</param>
    /// <param name="seed">Of the probes.</param>
    public SelfSupervisedRisk(Image noisy, NoiseEstimate noise, ulong seed)
        : this(noisy, noise, seed, new Mask?[(noisy ?? throw new ArgumentNullException(nameof(noisy))).Planes.Count])
    {
    }

    /// <summary>The same for an image with samples that are no picture: they do not count.</summary>
    internal SelfSupervisedRisk(Image noisy, NoiseEstimate noise, ulong seed, IReadOnlyList<Mask?> masks)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        ArgumentNullException.ThrowIfNull(noise);
        (_noisy, _masks) = (noisy, masks);
        var random = new CounterRandom(seed, RandomStream.RiskProbes);
        float sigma = (float)Math.Max(noise.Sigma, NoiseEstimator.MinSigma(noisy.Scale));
        var told = new AdditiveNoise(sigma) { Levels = noise.Levels };
        double squares = 0;
        _probe = [.. noisy.Planes.Select((plane, c) =>
        {
            var field = new NoiseField(
                random, (ulong)c * NoiseField.Side * NoiseField.Side,
                noise.Autocorrelation.Count == 0 ? null : noise.Autocorrelation);
            float[] guide = BoxMean.Of(plane, GuideRadius);
            float[] probe = new float[guide.Length];
            for (int i = 0; i < probe.Length; i++)
            {
                float sigma = masks[c]?[i] == true ? 0 : told.At(guide[i]);
                probe[i] = sigma * field.At(i % plane.Width, i / plane.Width);
                squares += (double)sigma * sigma;
            }

            return probe;
        })];
        _variance = squares / Math.Max(
            1, ((double)noisy.Width * noisy.Height * noisy.Planes.Count) - Mask.CountIn(masks));
        _isWhite = Math.Abs(noise.Lag1) < MaxLag;
    }

    /// <summary>The noise's own mean square: the risk of leaving the image as it is.</summary>
    public double OfInput => _variance;

    /// <summary>What <paramref name="denoiser"/> makes of the image under a probe and under its opposite.</summary>
    public RiskProbe Probe(IDenoiser denoiser, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(denoiser);
        return new RiskProbe(
            denoiser.Denoise(Probed(Strength), cancel: cancel).Image,
            denoiser.Denoise(Probed(-Strength), cancel: cancel).Image);
    }

    /// <summary>The estimated mean squared error of a denoiser; may be below 0 by chance.</summary>
    public double Of(RiskProbe probe)
    {
        ArgumentNullException.ThrowIfNull(probe);
        return Product(probe, probe) + (2 * Divergence(probe)) - _variance;
    }

    /// <summary>
    /// The estimated mean squared error of a linear filter, by its exact divergence where the noise is white: no chance
    /// of the probes in it.
    /// </summary>
    /// <param name="probe">Its results.</param>
    /// <param name="weight">The weight of a sample in its own result.</param>
    public double OfLinear(RiskProbe probe, double weight)
    {
        ArgumentNullException.ThrowIfNull(probe);
        if (!_isWhite)
        {
            return Of(probe);
        }

        // The mean of both results is that of the image itself, without what the filter lets through of the probes.
        Image middle = probe.Plus.With([.. probe.Plus.Planes.Zip(probe.Minus.Planes, static (up, down) =>
            Plane.Create(up.Width, up.Height, (up, down), static (to, from) =>
            {
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = 0.5f * (from.up.Samples[i] + from.down.Samples[i]);
                }
            }))]);
        var own = new RiskProbe(middle, middle);
        return Product(own, own) + (((2 * weight) - 1) * _variance);
    }

    /// <summary>
    /// The mixture of the least estimated risk of several results, and that risk.
    /// </summary>
    /// <param name="parts">
    /// What is mixed; of linear filters the weight of a sample in its own result, else null.
    /// </param>
    internal RiskMixture BestMixture(IReadOnlyList<(RiskProbe Probe, double? OwnWeight)> parts)
    {
        double[] divergences = [.. parts.Select(part =>
            _isWhite && part.OwnWeight is { } weight ? weight * _variance : Divergence(part.Probe))];
        double[,] products = new double[parts.Count, parts.Count];
        for (int i = 0; i < parts.Count; i++)
        {
            for (int j = 0; j <= i; j++)
            {
                products[i, j] = products[j, i] = Product(parts[i].Probe, parts[j].Probe);
            }
        }

        return RiskMixture.Least(products, divergences, _variance);
    }

    /// <summary>Mean product of what two denoisers change, over both probes.</summary>
    private double Product(RiskProbe one, RiskProbe other)
    {
        double sum = 0;
        long count = 0;
        for (int c = 0; c < _probe.Length; c++)
        {
            ReadOnlySpan<float> y = _noisy.Planes[c].Samples;
            ReadOnlySpan<float> up = one.Plus.Planes[c].Samples, down = one.Minus.Planes[c].Samples;
            ReadOnlySpan<float> otherUp = other.Plus.Planes[c].Samples, otherDown = other.Minus.Planes[c].Samples;
            for (int i = 0; i < y.Length; i++)
            {
                if (_masks[c]?[i] != true)
                {
                    sum += (double)(up[i] - y[i]) * (otherUp[i] - y[i]);
                    sum += (double)(down[i] - y[i]) * (otherDown[i] - y[i]);
                    count++;
                }
            }
        }

        return 0.5 * sum / Math.Max(1, count);
    }

    /// <summary>Mean product of the noise and what a denoiser keeps of it.</summary>
    private double Divergence(RiskProbe probe)
    {
        double sum = 0;
        long count = 0;
        for (int c = 0; c < _probe.Length; c++)
        {
            ReadOnlySpan<float> up = probe.Plus.Planes[c].Samples, down = probe.Minus.Planes[c].Samples;
            for (int i = 0; i < up.Length; i++)
            {
                if (_masks[c]?[i] != true)
                {
                    sum += _probe[c][i] * ((double)up[i] - down[i]);
                    count++;
                }
            }
        }

        return sum / (2 * Strength * Math.Max(1, count));
    }

    private Image Probed(float strength) => _noisy.With([.. _noisy.Planes.Select((
        plane, c) => Plane.Create(plane.Width, plane.Height, (plane, probe: _probe[c], strength), static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = from.plane.Samples[i] + (from.strength * from.probe[i]);
        }
    }))]);
}

/// <summary>Two results of one denoiser, for an image with a little noise more and for one with its opposite.</summary>
/// <param name="Plus">That of y + a z.</param>
/// <param name="Minus">That of y − a z.</param>
public sealed record RiskProbe(Image Plus, Image Minus);
