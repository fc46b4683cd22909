namespace Klar.Stacks;

/// <summary>
/// Where two pages show the same: their difference is smoothed at three scales, and where it is larger than noise makes
/// it at one of them, something moved, came or went. Memory of one worker.
/// </summary>
/// <remarks>
/// A change of any size is seen best by a smoothing of its own size; that of the noise is known at each. What is left
/// of changes below the limit is an error of less than the noise of the smoothed page.
/// </remarks>
internal sealed class ChangeTest
{
    /// <summary>Scales of the à trous algorithm: one, two and four pixels from hole to hole.</summary>
    private static readonly int[] Steps = [1, 2, 4];

    // In standard deviations of the smoothed noise: below the first limit the pages show the same, above the second
    // not.
    private const float SameBelow = 3;
    private const float DifferentAbove = 1.4f * SameBelow;

    private readonly int _pixels;
    private readonly Smoothing _smoothing;
    private readonly float[] _smooth;
    private readonly float[] _next;
    private readonly float[] _deviation;

    public ChangeTest(int width, int height)
    {
        _pixels = width * height;
        _smoothing = new Smoothing(width, height);
        (_smooth, _next, _deviation) = (new float[_pixels], new float[_pixels], new float[_pixels]);
    }

    /// <summary>
    /// How far the differences of channels are none at every pixel: 1 where the pages show the same, 0 where not.
    /// </summary>
    /// <param name="differences">A plane for each channel.</param>
    /// <param name="gains">The standard deviation of smoothed noise at each scale, of noise of 1.</param>
    /// <param name="sigmas">σ of each channel's difference.</param>
    /// <param name="levels">What σ is multiplied with at each pixel; empty where it is the same everywhere.</param>
    /// <param name="same">To be filled.</param>
    public void Run(
        IReadOnlyList<float[]> differences, IReadOnlyList<float> gains, IReadOnlyList<float> sigmas,
        ReadOnlySpan<float> levels, Span<float> same)
    {
        same.Clear();
        for (int c = 0; c < differences.Count; c++)
        {
            differences[c].AsSpan(0, _pixels).CopyTo(_smooth);
            for (int scale = 0; scale < Steps.Length; scale++)
            {
                _smoothing.Smooth(_smooth, Steps[scale], _next);
                _next.AsSpan().CopyTo(_smooth);
                float unit = 1 / (gains[scale] * sigmas[c]);
                for (int i = 0; i < _pixels; i++)
                {
                    float level = levels.IsEmpty ? 1 : levels[i];
                    _deviation[i] = Math.Abs(_smooth[i]) * unit / level;
                }

                Dilate(scale);
                for (int i = 0; i < _pixels; i++)
                {
                    same[i] = Math.Max(same[i], _deviation[i]);
                }
            }
        }

        for (int i = 0; i < _pixels; i++)
        {
            _next[i] = Math.Clamp((DifferentAbove - same[i]) / (DifferentAbove - SameBelow), 0, 1);
        }

        _smoothing.Smooth(_next, 1, same);
    }

    /// <summary>The standard deviation of smoothed noise at each scale.</summary>
    /// <param name="autocorrelation">Of the noise at lags −4 to 4, 9 × 9; null for white noise.</param>
    public static float[] Gains(IReadOnlyList<double>? autocorrelation)
    {
        const int Side = 64, Lags = 4;
        var smoothing = new Smoothing(Side, Side);
        float[] response = new float[Side * Side], next = new float[Side * Side];
        response[((Side / 2) * Side) + (Side / 2)] = 1;
        return [.. Steps.Select(step =>
        {
            smoothing.Smooth(response, step, next);
            next.CopyTo(response, 0);
            double variance = 0;
            for (int y = Lags; y < Side - Lags; y++)
            {
                for (int x = Lags; x < Side - Lags; x++)
                {
                    variance += response[(y * Side) + x] * Around(response, x, y);
                }
            }

            return (float)Math.Sqrt(variance);
        })];

        double Around(float[] plane, int x, int y)
        {
            if (autocorrelation is null)
            {
                return plane[(y * Side) + x];
            }

            double sum = 0;
            for (int dy = -Lags; dy <= Lags; dy++)
            {
                for (int dx = -Lags; dx <= Lags; dx++)
                {
                    sum += autocorrelation[((dy + Lags) * ((2 * Lags) + 1)) + dx + Lags]
                        * plane[((y + dy) * Side) + x + dx];
                }
            }

            return sum;
        }
    }

    // As far as the smoothing of the scale reaches: 1, 2 and 4 pixels.
    private void Dilate(int scale)
    {
        _smoothing.Dilate(_deviation, 1);
        if (scale > 0)
        {
            _smoothing.Dilate(_deviation, 1);
        }

        if (scale > 1)
        {
            _smoothing.Dilate(_deviation, 2);
        }
    }
}
