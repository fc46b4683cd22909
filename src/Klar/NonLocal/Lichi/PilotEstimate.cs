namespace Klar.NonLocal.Lichi;

/// <summary>
/// LIChI's pilot: the best combinations of a group by an unbiased estimate of the risk under some extra noise.
/// </summary>
/// <remarks>
/// Herbreteau and Kervrann, IEEE Trans. Image Processing 33, 2024. With n samples a patch and a = 0.5:
/// Q = Y Yᵀ + n a² σ² I, D = n (1 + a²) σ² I.
/// </remarks>
internal sealed class PilotEstimate : IGroupEstimate
{
    private readonly float[][] _image;
    private readonly PatchGroup _noisy;
    private readonly PatchGroup _result;
    private readonly Combination _combination;
    private readonly float[] _mean;
    private readonly float[] _ridge;
    private readonly float[] _noise;
    private readonly float[] _weights;
    private readonly float[] _ones;
    private readonly int _width;
    private readonly float _variance;
    private readonly NoiseMap? _map;

    /// <param name="noisy">The noisy channels.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="sigma">σ, the root of the channels' mean variance.</param>
    /// <param name="map">How it varies over the page.</param>
    public PilotEstimate(float[][] noisy, int width, float sigma, NoiseMap? map)
    {
        (_image, _width, _map) = (noisy, width, map);
        int side = LichiSchedule.Pilot.Patch, groupSize = LichiSchedule.Pilot.GroupSize;
        _noisy = new PatchGroup(groupSize, side, noisy.Length);
        _result = new PatchGroup(groupSize, side, noisy.Length);
        _combination = new Combination(groupSize, _noisy.Length);
        _mean = new float[_noisy.Stride];
        _weights = new float[groupSize];
        _variance = _noisy.Length * sigma * sigma;
        _ridge = new float[groupSize];
        _noise = new float[groupSize];
        _ones = [.. Enumerable.Repeat(1f, side * side)];
    }

    public int Add(ReadOnlySpan<int> positions, Aggregate sums)
    {
        int count = positions.Length;
        _noisy.Gather(_image, _width, positions);
        float extra = LichiSchedule.PilotNoise * LichiSchedule.PilotNoise;
        for (int j = 0; j < count; j++)
        {
            float level = _map?.OfPatch(positions[j], LichiSchedule.Pilot.Patch) ?? 1;
            float variance = _variance * level * level;
            (_ridge[j], _noise[j]) = (extra * variance, (1 + extra) * variance);
        }

        _combination.Centre(_noisy.Rows, count, _mean);
        _combination.Solve(_noisy.Rows, count, _ridge, _noise);
        _combination.Apply(_noisy.Rows, count, _result.Rows);
        _combination.AddToAll(_mean, _result.Rows, count);
        for (int j = 0; j < count; j++)
        {
            _weights[j] = 1 / Math.Clamp(_combination.Norms[j], 1f / count, 1);
        }

        _result.Scatter(positions, _ones, _weights.AsSpan(0, count), sums);
        return 1;
    }
}
