using Klar.Numerics;

namespace Klar.NonLocal.Bm3d;

/// <summary>Step 2 of BM3D: collaborative Wiener filtering of a group, with the basic estimate as pilot.</summary>
/// <remarks>
/// Dabov, Foi, Katkovnik, Egiazarian, IEEE Trans. Image Processing 16(8), 2007, sec. III-C. Symbols:
/// <code>
/// paper    here            paper     here
/// S_xR     positions       W         the gain in Shrinkage.Wiener
/// T_3D     transform,      w_wie     weight
///          GroupHaar
/// </code>
/// Departure: the group's mean (the first coefficient of the first row) is always kept, so that flat images stay as
/// they are.
/// </remarks>
internal sealed class FinalEstimate : IGroupEstimate
{
    // Where the gains are almost zero the weight 1 / Σ σ² W² is bounded, in units of σ².
    private const float MinNoise = 1e-3f;

    private readonly PatchTransform _transform;
    private readonly float[][] _noisy;
    private readonly float[][] _pilot;
    private readonly float[][] _variances;
    private readonly float[] _window;
    private readonly float[] _group;
    private readonly float[] _spectrum;
    private readonly float[] _pilotSpectrum;
    private readonly int _width;
    private readonly NoiseMap? _map;

    /// <param name="noisy">The noisy image.</param>
    /// <param name="pilot">The basic estimate.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="sigmas">σ of each channel.</param>
    /// <param name="groupSize">The most patches of a group.</param>
    /// <param name="transform">T_2D, which may be shared.</param>
    /// <param name="variances">The noise variance of each coefficient of a patch, in units of σ².</param>
    /// <param name="map">How the level varies over the page.</param>
    public FinalEstimate(
        float[][] noisy, float[][] pilot, int width, float[] sigmas, int groupSize, PatchTransform transform,
        float[] variances, NoiseMap? map)
    {
        (_noisy, _pilot, _width, _transform, _map) = (noisy, pilot, width, transform, map);
        _variances = [.. sigmas.Select(sigma => Array.ConvertAll(variances, variance => variance * sigma * sigma))];
        _window = KaiserWindow.Of(transform.Side);
        _group = new float[groupSize * transform.Stride];
        _spectrum = new float[_group.Length];
        _pilotSpectrum = new float[_group.Length];
    }

    public int Add(ReadOnlySpan<int> positions, Aggregate sums)
    {
        int count = PowerOfTwo.NotAbove(positions.Length);
        int stride = _transform.Stride;
        Span<float> group = _group.AsSpan(0, count * stride);
        Span<float> spectrum = _spectrum.AsSpan(0, count * stride);
        Span<float> pilotSpectrum = _pilotSpectrum.AsSpan(0, count * stride);

        // Where the noise is weaker than σ the group is enlarged to it; its weight falls with the noise's variance.
        float level = _map?.OfPatch(positions[0], _transform.Side) ?? 1;
        for (int c = 0; c < _noisy.Length; c++)
        {
            Transform(_pilot[c], positions[..count], 1 / level, group, pilotSpectrum);
            Transform(_noisy[c], positions[..count], 1 / level, group, spectrum);
            float mean = spectrum[0];
            float noise = Shrinkage.Wiener(spectrum, pilotSpectrum, _variances[c]);       // eqs. 8, 9
            spectrum[0] = mean;
            float weight = 1 / (level * level * Math.Max(noise, MinNoise * _variances[c][0]));   // eq. 11
            GroupHaar.Inverse(spectrum, count, stride, group);
            _transform.Inverse(spectrum, count, group);
            Scale(group, level);
            for (int i = 0; i < count; i++)
            {
                sums.Add(c, positions[i], _transform.Side, group[(i * stride)..], _window, weight);   // eq. 12
            }
        }

        return 1;
    }

    private void Transform(
        float[] channel, ReadOnlySpan<int> positions, float factor, Span<float> group, Span<float> spectrum)
    {
        for (int i = 0; i < positions.Length; i++)
        {
            PatchRows.Gather(channel.AsSpan(positions[i]), _width, _transform.Side, group[(i * _transform.Stride)..]);
        }

        Scale(group, factor);
        _transform.Forward(group, positions.Length, spectrum);
        GroupHaar.Forward(spectrum, positions.Length, _transform.Stride, group);
    }

    private static void Scale(Span<float> group, float factor)
    {
        if (factor != 1)
        {
            Pixelwise.Scale(group, factor);
        }
    }
}
