using Klar.Numerics;

namespace Klar.NonLocal.Lichi;

/// <summary>
/// One round of LIChI: new combinations from the pilot, and a less noisy image to find the next ones on.
/// </summary>
/// <remarks>
/// Herbreteau and Kervrann, IEEE Trans. Image Processing 33, 2024. Symbols:
/// <code>
/// paper   here             paper   here
/// y       _noisyImage      τ       _left, the noise that is left after the round, in units of σ
/// z       _currentImage    t       now, the noise that is there before it
/// x       _pilotImage      Θ       _combination
/// </code>
/// In each group t = max(τ + 1e-6, 1 − std(Y − Z)/σ), D = n (σ t)² I, Q = X Xᵀ + D; then X' = Θ Z and
/// Z' = (1 − τ/t) X' + (τ/t) Z, both weighted by 1 / max(Σ_i Θ_ji², 1/k). Channels 0 to C−1 of the sums are x, the
/// others z.
/// </remarks>
internal sealed class RoundEstimate : IGroupEstimate
{
    private readonly float[][] _noisyImage;
    private readonly float[][] _currentImage;
    private readonly float[][] _pilotImage;
    private readonly PatchGroup _noisy;
    private readonly PatchGroup _current;
    private readonly PatchGroup _pilot;
    private readonly Combination _combination;
    private readonly float[] _mean;
    private readonly float[] _noise;
    private readonly float[] _weights;
    private readonly float[] _ones;
    private readonly int _width;
    private readonly float _sigma;
    private readonly float _left;
    private readonly NoiseMap? _map;

    /// <param name="noisy">y.</param>
    /// <param name="current">z.</param>
    /// <param name="pilot">x.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="sigma">σ, the root of the channels' mean variance.</param>
    /// <param name="left">τ.</param>
    /// <param name="map">How σ varies over the page.</param>
    public RoundEstimate(
        float[][] noisy, float[][] current, float[][] pilot, int width, float sigma, float left, NoiseMap? map)
    {
        _map = map;
        (_noisyImage, _currentImage, _pilotImage, _width, _sigma, _left) = (noisy, current, pilot, width, sigma, left);
        int side = LichiSchedule.Round.Patch, groupSize = LichiSchedule.Round.GroupSize;
        _noisy = new PatchGroup(groupSize, side, noisy.Length);
        _current = new PatchGroup(groupSize, side, noisy.Length);
        _pilot = new PatchGroup(groupSize, side, noisy.Length);
        _combination = new Combination(groupSize, _noisy.Length);
        _mean = new float[_noisy.Stride];
        _noise = new float[groupSize];
        _weights = new float[groupSize];
        _ones = [.. Enumerable.Repeat(1f, side * side)];
    }

    public int Add(ReadOnlySpan<int> positions, Aggregate sums)
    {
        int count = positions.Length;
        _noisy.Gather(_noisyImage, _width, positions);
        _current.Gather(_currentImage, _width, positions);
        _pilot.Gather(_pilotImage, _width, positions);

        float sigma = _sigma * (_map?.OfPatch(positions[0], LichiSchedule.Round.Patch) ?? 1);
        float now = Math.Max(_left + 1e-6f, 1 - (Deviation(count) / sigma));
        _noise.AsSpan(0, count).Fill(_noisy.Length * sigma * sigma * now * now);
        _combination.Centre(_pilot.Rows, count, _mean);
        _combination.Solve(_pilot.Rows, count, _noise, _noise);
        _combination.Centre(_current.Rows, count, _mean);
        _combination.Apply(_current.Rows, count, _pilot.Rows);
        for (int j = 0; j < count; j++)
        {
            _weights[j] = 1 / Math.Max(_combination.Norms[j], 1f / count);
        }

        // Z' = X' + (τ/t)(Z − X'), on centred patches; the mean comes back to both.
        float share = _left / now;
        for (int j = 0; j < count; j++)
        {
            Pixelwise.MoveTowards(_pilot.Row(j), 1 - share, _current.Row(j));
        }

        _combination.AddToAll(_mean, _pilot.Rows, count);
        _combination.AddToAll(_mean, _current.Rows, count);
        _pilot.Scatter(positions, _ones, _weights.AsSpan(0, count), sums);
        _current.Scatter(positions, _ones, _weights.AsSpan(0, count), sums, firstChannel: _pilotImage.Length);
        return 1;
    }

    /// <summary>The standard deviation of Y − Z over the whole group.</summary>
    private float Deviation(int count)
    {
        (double sum, double squares) =
            CombinationKernels.Differences(_noisy.Rows[..(count * _noisy.Stride)], _current.Rows);
        double samples = (double)count * _noisy.Length;
        double mean = sum / samples;
        return (float)Math.Sqrt(Math.Max(0, (squares / samples) - (mean * mean)));
    }
}
