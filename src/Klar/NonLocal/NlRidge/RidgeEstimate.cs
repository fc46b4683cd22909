namespace Klar.NonLocal.NlRidge;

/// <summary>One step of NL-Ridge: the best combinations of the patches of a group.</summary>
/// <remarks>
/// Herbreteau and Kervrann, SIAM J. Imaging Sciences 18(1), 2025. Symbols:
/// <code>
/// paper      here                  paper   here
/// Y          _noisy                n       _noisy.Length
/// X          _pilot, or Y          k       count
/// D_0        noise                 Θ       _combination
/// </code>
/// Step 1 has no pilot: Stein's unbiased estimate of the risk, with 5 % of extra noise assumed so that Q is well
/// conditioned:
/// Q = Y Yᵀ + 0.05 D_0, D = 1.05 D_0. Step 2: Q = X Xᵀ + D_0, D = D_0.
/// </remarks>
internal sealed class RidgeEstimate : IGroupEstimate
{
    private const float ExtraNoise = 0.05f;

    // Where a patch has no noise at all (no photons, no read noise) Q would be singular: a share of the group's
    // largest.
    private const float MinShare = 1e-3f;

    // A group that varies by less than this share of the noise it should hold is clipped.
    private const double MinHeld = 0.5;

    private readonly float[][] _image;
    private readonly float[][]? _pilotImage;
    private readonly NoiseVariance _variance;
    private readonly PatchGroup _noisy;
    private readonly PatchGroup _pilot;
    private readonly PatchGroup _result;
    private readonly Combination _combination;
    private readonly float[] _mean;
    private readonly float[] _ridge;
    private readonly float[] _noise;
    private readonly float[] _ones;
    private readonly int _width;

    /// <param name="noisy">The noisy channels.</param>
    /// <param name="pilot">The first step's result, or null for the first step.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="variance">The noise.</param>
    /// <param name="settings">Patches and groups.</param>
    public RidgeEstimate(
        float[][] noisy, float[][]? pilot, int width, NoiseVariance variance, PatchSearchSettings settings)
    {
        (_image, _pilotImage, _width, _variance) = (noisy, pilot, width, variance);
        int side = settings.Patch, groupSize = settings.GroupSize;
        _noisy = new PatchGroup(groupSize, side, noisy.Length);
        _pilot = pilot is null ? _noisy : new PatchGroup(groupSize, side, noisy.Length);
        _result = new PatchGroup(groupSize, side, noisy.Length);
        _combination = new Combination(groupSize, _noisy.Length);
        _mean = new float[_noisy.Stride];
        _ridge = new float[Combination.PaddedTo16(groupSize)];
        _noise = new float[_ridge.Length];
        _ones = [.. Enumerable.Repeat(1f, side * side)];
    }

    public int Add(ReadOnlySpan<int> positions, Aggregate sums)
    {
        int count = positions.Length;
        _noisy.Gather(_image, _width, positions);
        if (_pilotImage is not null)
        {
            _pilot.Gather(_pilotImage, _width, positions);
        }

        Noise(positions);
        if (_pilotImage is not null)
        {
            _combination.Centre(_pilot.Rows, count, _mean);
        }

        _combination.Centre(_noisy.Rows, count, _mean);
        if (_pilotImage is null)
        {
            BoundNoise(count);
        }

        _combination.Solve(_pilot.Rows, count, _ridge, _noise);
        _combination.Apply(_noisy.Rows, count, _result.Rows);
        _combination.AddToAll(_mean, _result.Rows, count);

        Span<float> weights = _ridge.AsSpan(0, count);
        for (int j = 0; j < count; j++)
        {
            weights[j] = 1 / Math.Clamp(_combination.Norms[j], 1f / count, 1);
        }

        _result.Scatter(positions, _ones, weights, sums);
        return 1;
    }

    /// <summary>
    /// A group cannot hold more noise than it varies: where clipping took the noise's lower half off, σ is too much,
    /// and Q − D would be far from positive. Groups of like patches vary a little less than the noise by choice; that
    /// is left as it is.
    /// </summary>
    private void BoundNoise(int count)
    {
        double energy = 0, noise = 0;
        for (int j = 0; j < count; j++)
        {
            foreach (float sample in _noisy.Row(j))
            {
                energy += (double)sample * sample;
            }

            noise += _noise[j];
        }

        double held = energy * count / (Math.Max(1, count - 1) * Math.Max(1e-12, noise));
        float share = held < MinHeld ? (float)held : 1;
        for (int j = 0; j < count; j++)
        {
            (_ridge[j], _noise[j]) = (share * _ridge[j], share * _noise[j]);
        }
    }

    /// <summary>The diagonals of Q's ridge and of D.</summary>
    private void Noise(ReadOnlySpan<int> positions)
    {
        int count = positions.Length;
        float largest = 0;
        for (int j = 0; j < count; j++)
        {
            _noise[j] = _variance.Sum(_pilot.Row(j), positions[j]);
            largest = Math.Max(largest, _noise[j]);
        }

        for (int j = 0; j < count; j++)
        {
            float noise = Math.Max(_noise[j], MinShare * largest);
            (_ridge[j], _noise[j]) = _pilotImage is null ? (
                ExtraNoise * noise, (1 + ExtraNoise) * noise) : (noise, noise);
        }
    }
}
