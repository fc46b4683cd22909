using Klar.Scheduling;

namespace Klar.Stacks;

/// <summary>
/// A page as the mean of itself and of its neighbours, wherever they show the same: noise that is independent from page
/// to page falls with their number, and stays white. What moves, comes or goes is left as the page alone has it.
/// </summary>
/// <param name="width">Samples in a row.</param>
/// <param name="height">Rows.</param>
/// <param name="gains">Those of <see cref="ChangeTest.Gains"/> for the noise.</param>
/// <param name="sigmas">σ of each channel.</param>
/// <param name="threads">Threads to use.</param>
internal sealed class PageFusion(int width, int height, float[] gains, float[] sigmas, int threads)
{
    // A neighbour that counts for less is none.
    private const float MinWeight = 0.05f;

    // Levels that differ by less are the same for a method.
    private const float EvenWithin = 0.02f;
    private const double EvenShare = 0.99;

    private readonly int _pixels = width * height;

    /// <summary>Whether neighbours are brought to the page's level.</summary>
    public bool MatchesLevels { get; init; } = true;

    /// <summary>The mean of a page and its neighbours.</summary>
    /// <param name="page">Its channels.</param>
    /// <param name="smooth">The same, smoothed.</param>
    /// <param name="neighbours">Channels of each neighbour, and the same smoothed.</param>
    /// <param name="cancel">Ends it.</param>
    public FusedPage Run(
        float[][] page, float[][] smooth, IReadOnlyList<(float[][] Page, float[][] Smooth)> neighbours,
        CancellationToken cancel)
    {
        var workers = new Workers(Math.Min(threads, neighbours.Count));
        var comparison = new Comparison(this, page, smooth, workers.Count);
        float[][] sums = [.. page.Select(_ => new float[_pixels])];
        float[] weights = new float[_pixels], squares = new float[_pixels];

        // As many at a time as there are threads; they are added in their order.
        for (int first = 0; first < neighbours.Count; first += workers.Count)
        {
            comparison.Neighbours = [.. neighbours.Skip(first).Take(workers.Count)];
            workers.Run(comparison, comparison.Neighbours.Count, cancel);
            for (int i = 0; i < comparison.Neighbours.Count; i++)
            {
                Add(comparison.Matched[i], comparison.Same[i], sums, weights, squares);
            }
        }

        return Mean(page, sums, weights, squares, comparison.Tests[0]);
    }

    private void Add(float[][] matched, float[] same, float[][] sums, float[] weights, float[] squares)
    {
        for (int i = 0; i < _pixels; i++)
        {
            weights[i] += same[i];
            squares[i] += same[i] * same[i];
        }

        for (int c = 0; c < sums.Length; c++)
        {
            for (int i = 0; i < _pixels; i++)
            {
                sums[c][i] += same[i] * matched[c][i];
            }
        }
    }

    /// <summary>
    /// The mean, after the neighbours together were compared with the page once more: their noise is lower than that of
    /// each, and a smaller change is seen.
    /// </summary>
    private FusedPage Mean(float[][] page, float[][] sums, float[] weights, float[] squares, ChangeTest test)
    {
        float[][] differences = [.. page.Select(_ => new float[_pixels])];
        float[] levels = new float[_pixels], same = new float[_pixels];
        for (int i = 0; i < _pixels; i++)
        {
            bool counts = weights[i] > MinWeight;
            levels[i] = counts ? MathF.Sqrt(1 + (squares[i] / (weights[i] * weights[i]))) : 1;
            for (int c = 0; c < page.Length; c++)
            {
                differences[c][i] = counts ? (sums[c][i] / weights[i]) - page[c][i] : 0;
            }
        }

        test.Run(differences, gains, sigmas, levels, same);
        float[][] mean = differences;
        float[] relative = levels;
        for (int i = 0; i < _pixels; i++)
        {
            float share = weights[i] > MinWeight ? same[i] : 0, weight = share * weights[i];
            for (int c = 0; c < page.Length; c++)
            {
                mean[c][i] = (page[c][i] + (share * sums[c][i])) / (1 + weight);
            }

            relative[i] = MathF.Sqrt(1 + (share * share * squares[i])) / (1 + weight);
        }

        return Described(mean, relative);
    }

    /// <summary>The page with the noise that is left in it: one level, and a map where it differs.</summary>
    private FusedPage Described(float[][] mean, float[] relative)
    {
        double sum = 0;
        foreach (float level in relative)
        {
            sum += (double)level * level;
        }

        float left = (float)Math.Sqrt(sum / relative.Length);
        int even = 0;
        for (int i = 0; i < relative.Length; i++)
        {
            relative[i] /= left;
            even += Math.Abs(relative[i] - 1) < EvenWithin ? 1 : 0;
        }

        NoiseMap? map = even >= EvenShare * relative.Length ? null : new NoiseMap(relative, width);
        return new FusedPage(mean, left, map);
    }

    /// <summary>Neighbours, each an item, compared with the page.</summary>
    private sealed class Comparison(PageFusion fusion, float[][] page, float[][] smooth, int workers) : IWork
    {
        private readonly float[][][] _differences = Planes(fusion, page.Length, workers);

        public IReadOnlyList<(float[][] Page, float[][] Smooth)> Neighbours { get; set; } = [];

        public float[][][] Matched { get; } = Planes(fusion, page.Length, workers);

        public float[][] Same { get; } = Planes(fusion, workers, 1)[0];

        public ChangeTest[] Tests { get; } =
            [.. Enumerable.Range(0, workers).Select(_ => new ChangeTest(fusion.Width, fusion.Height))];

        public void Run(int item, int worker)
        {
            (float[][] other, float[][] otherSmooth) = Neighbours[item];
            for (int c = 0; c < page.Length; c++)
            {
                float[] matched = Matched[item][c], difference = _differences[item][c];
                if (fusion.MatchesLevels)
                {
                    LevelMatch.Run(other[c], page[c], otherSmooth[c], smooth[c], fusion.Sigmas[c], matched);
                }
                else
                {
                    other[c].CopyTo(matched, 0);
                }

                for (int i = 0; i < difference.Length; i++)
                {
                    difference[i] = matched[i] - page[c][i];
                }
            }

            Tests[worker].Run(_differences[item], fusion.Gains, fusion.SigmasOfDifferences, [], Same[item]);
        }

        private static float[][][] Planes(PageFusion fusion, int channels, int count) =>
        [
            .. Enumerable.Range(0, count).Select(_ =>
                Enumerable.Range(0, channels).Select(_ => new float[fusion._pixels]).ToArray()),
        ];
    }

    private int Width => width;

    private int Height => height;

    private float[] Gains => gains;

    private float[] Sigmas => sigmas;

    private float[] SigmasOfDifferences { get; } = Array.ConvertAll(sigmas, static sigma => sigma * MathF.Sqrt(2));
}

/// <summary>A page that was made of several.</summary>
/// <param name="Channels">Its samples.</param>
/// <param name="Left">σ that is left over σ of a page, the root mean square over the page.</param>
/// <param name="Map">How it varies over the page; null where it hardly does.</param>
internal sealed record FusedPage(float[][] Channels, float Left, NoiseMap? Map);
