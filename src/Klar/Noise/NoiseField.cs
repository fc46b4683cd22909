using Klar.Numerics;

namespace Klar.Noise;

/// <summary>
/// A square of normal noise of variance 1 with a given autocorrelation, periodic, to cut pieces from.
/// </summary>
internal sealed class NoiseField
{
    /// <summary>Samples of a side.</summary>
    public const int Side = 512;

    private const int Reach = 4;
    private const int Lags = (2 * Reach) + 1;
    private const int Period = 32;
    private const int FilterReach = 7;

    private readonly float[] _samples = new float[Side * Side];

    /// <param name="random">Its numbers from <paramref name="first"/> on are taken.</param>
    /// <param name="first">A multiple of Side².</param>
    /// <param name="autocorrelation">Lags −4 to 4, 9 × 9, 1 in the middle; null for white noise.</param>
    public NoiseField(CounterRandom random, ulong first, IReadOnlyList<double>? autocorrelation)
    {
        for (int i = 0; i < _samples.Length; i++)
        {
            _samples[i] = (float)random.Normal(first + (ulong)i);
        }

        if (autocorrelation is not null)
        {
            _samples = Filtered(_samples, Filter(autocorrelation));
        }
    }

    /// <summary>The sample at any place.</summary>
    public float At(int x, int y) => _samples[((y & (Side - 1)) * Side) + (x & (Side - 1))];

    /// <summary>
    /// The filter whose spectrum is the root of the noise's: white noise through it has the autocorrelation.
    /// </summary>
    internal static double[] Filter(IReadOnlyList<double> autocorrelation)
    {
        const int FilterSide = (2 * FilterReach) + 1;
        double[] root = new double[Period * Period], filter = new double[FilterSide * FilterSide];
        for (int k = 0; k < root.Length; k++)
        {
            double sum = 0;
            for (int i = 0; i < Lags * Lags; i++)
            {
                sum += autocorrelation[i] * Elementary.CosPi(
                    2.0 / Period * (((k % Period) * ((i % Lags) - Reach)) + ((k / Period) * ((i / Lags) - Reach))));
            }

            root[k] = Math.Sqrt(Math.Max(0, sum));
        }

        double squares = 0;
        for (int i = 0; i < filter.Length; i++)
        {
            double sum = 0;
            for (int k = 0; k < root.Length; k++)
            {
                sum += root[k] * Elementary.CosPi(2.0 / Period * (((k % Period) * ((i % FilterSide) - FilterReach))
                    + ((k / Period) * ((i / FilterSide) - FilterReach))));
            }

            filter[i] = sum / root.Length;
            squares += filter[i] * filter[i];
        }

        return [.. filter.Select(value => value / Math.Sqrt(squares))];
    }

    private static float[] Filtered(float[] white, double[] filter)
    {
        const int FilterSide = (2 * FilterReach) + 1;
        float[] coloured = new float[white.Length];
        for (int y = 0; y < Side; y++)
        {
            for (int x = 0; x < Side; x++)
            {
                double sum = 0;
                for (int i = 0; i < filter.Length; i++)
                {
                    int fromX = (x + (i % FilterSide) - FilterReach) & (Side - 1),
                        fromY = (y + (i / FilterSide) - FilterReach) & (Side - 1);
                    sum += filter[i] * white[(fromY * Side) + fromX];
                }

                coloured[(y * Side) + x] = (float)sum;
            }
        }

        return coloured;
    }
}
