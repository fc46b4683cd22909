namespace Klar.NonLocal;

/// <summary>
/// The weighted sums of the estimates of a whole page, to which the groups of several pages add; they are added in the
/// order of these pages.
/// </summary>
internal sealed class PageSums(int channels, int width, int height)
{
    private readonly float[][] _sums = Planes(channels, width * height);
    private readonly float[][] _weights = Planes(channels, width * height);

    /// <summary>Adds rows <paramref name="from"/> to <paramref name="to"/> of what bands hold of a page.</summary>
    public void Add(IReadOnlyList<Aggregate> bands, int indexOfPage, int from, int to)
    {
        for (int c = 0; c < channels; c++)
        {
            for (int y = from; y < to; y++)
            {
                Span<float> sum = _sums[c].AsSpan(y * width, width), weight = _weights[c].AsSpan(y * width, width);
                foreach (Aggregate band in bands)
                {
                    band.AddRow(indexOfPage, c, y, sum, weight);
                }
            }
        }
    }

    /// <summary>The page's estimate, once all groups that reach it were added.</summary>
    public float[][] Mean()
    {
        for (int c = 0; c < channels; c++)
        {
            (float[] sum, float[] weight) = (_sums[c], _weights[c]);
            for (int i = 0; i < sum.Length; i++)
            {
                sum[i] /= weight[i];
            }
        }

        return _sums;
    }

    private static float[][] Planes(int channels, int pixels) =>
        [.. Enumerable.Range(0, channels).Select(_ => new float[pixels])];
}
