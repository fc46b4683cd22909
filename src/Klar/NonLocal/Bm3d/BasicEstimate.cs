using Klar.Numerics;

namespace Klar.NonLocal.Bm3d;

/// <summary>Step 1 of BM3D: collaborative hard thresholding of a group.</summary>
/// <remarks>
/// Dabov, Foi, Katkovnik, Egiazarian, IEEE Trans. Image Processing 16(8), 2007, sec. III-B. Symbols:
/// <code>
/// paper    here            paper     here
/// S_xR     positions       λ_3D      the profile's Threshold
/// T_3D     transform,      N_har     kept
///          GroupHaar       w_har     weight
/// </code>
/// Departure: the group's mean (the first coefficient of the first row) is always kept, so that flat images stay as
/// they are.
/// </remarks>
internal sealed class BasicEstimate : IGroupEstimate
{
    private readonly PatchTransform _transform;
    private readonly float[][] _channels;
    private readonly float[] _sigmas;
    private readonly float[][] _thresholds;
    private readonly float[] _window;
    private readonly float[] _group;
    private readonly float[] _spectrum;
    private readonly int _width;
    private readonly int _fewKept;
    private readonly int _skip;
    private readonly NoiseMap? _map;

    /// <param name="channels">The noisy image.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="sigmas">σ of each channel.</param>
    /// <param name="profile">The constants.</param>
    /// <param name="transform">T_2D, which may be shared.</param>
    /// <param name="variances">The noise variance of each coefficient of a patch, in units of σ².</param>
    /// <param name="map">How the level varies over the page.</param>
    public BasicEstimate(
        float[][] channels, int width, float[] sigmas, Bm3dProfile profile, PatchTransform transform,
        float[] variances, NoiseMap? map)
    {
        (_channels, _width, _sigmas, _transform, _map) = (channels, width, sigmas, transform, map);
        _thresholds = [.. sigmas.Select(
            sigma => Array.ConvertAll(variances, variance => profile.Threshold * sigma * MathF.Sqrt(variance)))];
        _window = KaiserWindow.Of(transform.Side);
        _group = new float[profile.Basic.GroupSize * transform.Stride];
        _spectrum = new float[_group.Length];

        // «One patch width less one further on», in whole steps of the grid, so that no pixel is left without an
        // estimate.
        (_fewKept, _skip) = (profile.FewKept, Math.Max(1, (transform.Side - 1) / profile.Basic.Step));
    }

    public int Add(ReadOnlySpan<int> positions, Aggregate sums)
    {
        int count = PowerOfTwo.NotAbove(positions.Length);
        int stride = _transform.Stride;
        Span<float> group = _group.AsSpan(0, count * stride);
        Span<float> spectrum = _spectrum.AsSpan(0, count * stride);
        int keptOfFirst = 0;

        // Where the noise is weaker than σ the group is enlarged to it; its weight falls with the noise's variance.
        float level = _map?.OfPatch(positions[0], _transform.Side) ?? 1;
        for (int c = 0; c < _channels.Length; c++)
        {
            for (int i = 0; i < count; i++)
            {
                PatchRows.Gather(_channels[c].AsSpan(positions[i]), _width, _transform.Side, group[(i * stride)..]);
            }

            Scale(group, 1 / level);
            _transform.Forward(group, count, spectrum);
            GroupHaar.Forward(spectrum, count, stride, group);
            float mean = spectrum[0];
            int kept = Shrinkage.Hard(spectrum, _thresholds[c]);                          // eq. 6
            kept += spectrum[0] == 0 ? 1 : 0;
            spectrum[0] = mean;
            float weight = 1 / (level * level * _sigmas[c] * _sigmas[c] * kept);          // eq. 10
            GroupHaar.Inverse(spectrum, count, stride, group);
            _transform.Inverse(spectrum, count, group);
            Scale(group, level);
            for (int i = 0; i < count; i++)
            {
                sums.Add(c, positions[i], _transform.Side, group[(i * stride)..], _window, weight);   // eq. 12
            }

            keptOfFirst = c == 0 ? kept : keptOfFirst;
        }

        return keptOfFirst < _fewKept ? _skip : 1;
    }

    private static void Scale(Span<float> group, float factor)
    {
        if (factor != 1)
        {
            Pixelwise.Scale(group, factor);
        }
    }
}
