using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// Camera pixels that are stuck far from what they should show: single samples, or clusters (<see
/// cref="HotClusters"/>), that stand out from all their neighbours by much more than the noise and the picture's own
/// structure explain.
/// </summary>
public static class HotPixels
{
    // A sample must leave the second most extreme neighbour behind by this many σ of the noise, and by this many
    // times the spread of the neighbours. Normal noise does the first by chance once in 10^7 samples even between
    // equal neighbours.
    private const double Sigmas = 6;
    private const double Spreads = 2;

    // Enough samples to know the spread of neighbours by.
    private const int MaxSpreads = 20_000;

    // Without noise to measure, glints and texture cannot be told from stuck samples, unless there are so many and
    // they lie at black and white.
    private const double MinWithoutNoise = 0.001;
    private const double MaxElsewhere = 0.1;

    /// <summary>
    /// The indices of stuck samples of each plane, row-major, in their order. Photon noise is taken as it is
    /// measured: where hardly a photon comes, two in one place are no stuck pixel.
    /// </summary>
    /// <exception cref="ArgumentException">A sample is NaN or infinite; the message says where.</exception>
    public static IReadOnlyList<IReadOnlyList<int>> Find(Image image) => NoiseEstimator.Measure(image).Stuck;

    /// <summary>
    /// Replaces stuck samples by the median of their neighbours, and bad columns by the mean of theirs; says how many
    /// stuck samples there were.
    /// </summary>
    public static (Image Image, int Count) Repair(Image image, CancellationToken cancel = default)
    {
        (Image repaired, int count, _) = WithColumns(image, cancel);
        return (repaired, count);
    }

    /// <summary>The same, and how many bad columns there were.</summary>
    internal static (Image Image, int Count, int Columns) WithColumns(Image image, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(image);
        IReadOnlyList<Mask?> masks = ConstantAreas.Of(image, cancel);
        (Image straight, int columns) = WithoutBadColumns(image, masks, cancel);
        IReadOnlyList<int>[] stuck = In(straight, masks, cancel);
        return (Repaired(straight, stuck), stuck.Sum(static list => list.Count), columns);
    }

    /// <summary>
    /// The image without bad columns, and how many there were; in a picture without noise, such as one of labels, none
    /// is bad.
    /// </summary>
    internal static (Image Image, int Count) WithoutBadColumns(
        Image image, IReadOnlyList<Mask?> masks, CancellationToken cancel)
    {
        (Image straight, int columns) = BadColumns.Repaired(image, masks);
        return columns > 0 && NoiseEstimator.Estimate(image, cancel).BadColumns == 0 ? (image, 0) : (straight, columns);
    }

    /// <summary>The stuck samples of each plane; the noise is measured only if there may be any.</summary>
    internal static IReadOnlyList<int>[] In(Image image) => In(image, ConstantAreas.Of(image));

    /// <summary>The same for an image with areas that are no picture.</summary>
    internal static IReadOnlyList<int>[] In(
        Image image, IReadOnlyList<Mask?> masks, CancellationToken cancel = default) =>
        MaskFill.Filled(image, masks, cancel).Planes.All(plane => Candidates(plane, cancel).Count == 0)
            ? [.. image.Planes.Select(static _ => (IReadOnlyList<int>)[])]
            : NoiseEstimator.Measure(image, cancel).Stuck;

    /// <summary>
    /// Whether samples that stand out are stuck or flipped even in a picture without noise: many, and at black or
    /// white.
    /// </summary>
    internal static bool AreImpulses(Image image, IReadOnlyList<int>[] found)
    {
        int all = found.Sum(static list => list.Count);
        int elsewhere =
            found.Zip(image.Planes, static (list, plane) => list.Count(i => plane.Samples[i] is > 0 and < 1)).Sum();
        return all > MinWithoutNoise * image.Planes.Count * image.Planes[0].Samples.Length
            && elsewhere <= MaxElsewhere * all;
    }

    /// <summary>Samples that stand out from noise that is the same everywhere.</summary>
    internal static IReadOnlyList<int> Candidates(Plane plane, CancellationToken cancel = default)
    {
        var found = new List<int>();
        if (plane.Width < 3 || plane.Height < 3)
        {
            return found;
        }

        double sigma = Spread(plane);
        Span<float> neighbours = stackalloc float[8];
        for (int y = 0; y < plane.Height; y++)
        {
            cancel.ThrowIfCancellationRequested();
            for (int x = 0; x < plane.Width; x++)
            {
                int i = (y * plane.Width) + x;
                if (MayStandOut(plane, x, y, Sigmas * sigma)
                    && IsExtreme(plane, i)
                    && StandsOut(plane.Samples[i], Neighbours(plane, i, neighbours), sigma))
                {
                    found.Add(i);
                }
            }
        }

        return [.. found.Union(HotClusters.Candidates(plane, sigma)).Order()];
    }

    /// <summary>
    /// Those that stand out from the measured noise too, in units in which it is the same everywhere.
    /// </summary>
    internal static IReadOnlyList<int>[] Confirmed(Image image, IReadOnlyList<int>[] candidates, NoiseEstimate noise)
    {
        if (noise.Kind == NoiseKind.None)
        {
            return AreImpulses(image, candidates)
                ? candidates
                : [.. candidates.Select(static _ => (IReadOnlyList<int>)[])];
        }

        GeneralisedAnscombe? anscombe = noise.Gain > 0
            ? new GeneralisedAnscombe(noise.Gain, noise.ReadNoise * noise.ReadNoise, noise.Offset)
            : null;
        return [.. candidates.Zip(image.Planes, (list, plane) => (IReadOnlyList<int>)[.. list
            .Where(i => IsSingle(i, plane)).Union(HotClusters.Confirmed(plane, list, Stable)).Order()])];

        double Stable(float sample) => anscombe is null ? sample / noise.Sigma : anscombe.Forward(sample);

        bool IsSingle(int i, Plane plane)
        {
            float[] neighbours = new float[8];
            Span<float> sorted = Neighbours(plane, i, neighbours);
            float sample = plane.Samples[i], low = sorted[1];
            if (anscombe is null)
            {
                return StandsOut(sample, sorted, noise.Sigma);
            }

            if (sample < low)
            {
                // The transform ends at black; noise is never stronger below a brightness than at it.
                return StandsOut(
                    sample, sorted,
                    Math.Sqrt(Math.Max(0, noise.Gain * (low - noise.Offset)) + (noise.ReadNoise * noise.ReadNoise)));
            }

            for (int k = 0; k < sorted.Length; k++)
            {
                sorted[k] = (float)anscombe.Forward(sorted[k]); // rising, so that they stay sorted
            }

            return StandsOut((float)anscombe.Forward(sample), sorted, 1);
        }
    }

    /// <summary>The image with the samples <paramref name="stuck"/> of each plane replaced.</summary>
    internal static Image Repaired(Image image, IReadOnlyList<int>[] stuck) =>
        image.With([.. image.Planes.Zip(stuck, static (plane, list) =>
    {
        if (list.Count == 0)
        {
            return plane;
        }

        float[] repaired = plane.Samples.ToArray();
        Span<float> neighbours = stackalloc float[8];
        foreach (int i in list)
        {
            repaired[i] = Middle(Neighbours(plane, i, neighbours));
        }

        return new Plane(plane.Width, plane.Height, repaired);
    })]);

    /// <summary>
    /// σ of the differences between samples and the middles of their neighbours, if it were normal noise.
    /// </summary>
    private static double Spread(Plane plane)
    {
        int step = (plane.Samples.Length / MaxSpreads) | 1; // odd, so that not always the same columns are taken
        float[] deviations = new float[(plane.Samples.Length + step - 1) / step];
        Span<float> neighbours = stackalloc float[8];
        for (int k = 0; k < deviations.Length; k++)
        {
            deviations[k] = Math.Abs(plane.Samples[k * step] - Middle(Neighbours(plane, k * step, neighbours)));
        }

        Array.Sort(deviations);
        return deviations[deviations.Length / 2] / 0.6745;
    }

    /// <summary>
    /// Of any two neighbours one is no further out than the second most extreme: most samples are done with here.
    /// </summary>
    private static bool MayStandOut(Plane plane, int x, int y, double beyond)
    {
        if (x == 0 || y == 0 || x == plane.Width - 1 || y == plane.Height - 1)
        {
            return true;
        }

        int at = (y * plane.Width) + x;
        ReadOnlySpan<float> samples = plane.Samples;
        (float sample, float left, float right) = (samples[at], samples[at - 1], samples[at + 1]);
        if (sample - Math.Min(left, right) <= beyond && Math.Max(left, right) - sample <= beyond)
        {
            return false;
        }

        (float up, float down) = (samples[at - plane.Width], samples[at + plane.Width]);
        return sample - Math.Min(up, down) > beyond || Math.Max(up, down) - sample > beyond;
    }

    /// <summary>Whether at most one neighbour lies as far out, to one side.</summary>
    private static bool IsExtreme(Plane plane, int index)
    {
        (int x, int y) = (index % plane.Width, index / plane.Width);
        float sample = plane.Samples[index];
        int above = 0, below = 0;
        for (int row = Math.Max(0, y - 1); row <= Math.Min(plane.Height - 1, y + 1); row++)
        {
            for (int column = Math.Max(0, x - 1); column <= Math.Min(plane.Width - 1, x + 1); column++)
            {
                float other = plane.Samples[(row * plane.Width) + column];
                above += other >= sample ? 1 : 0;
                below += other <= sample ? 1 : 0;
            }

            if (above > 2 && below > 2)
            {
                return false;
            }
        }

        // The sample itself was counted on both sides.
        return above <= 2 || below <= 2;
    }

    /// <summary>
    /// The second most extreme neighbour counts, so that two stuck samples side by side do not excuse each other.
    /// </summary>
    private static bool StandsOut(float sample, ReadOnlySpan<float> sorted, double sigma)
    {
        (float low, float high) = (sorted[1], sorted[^2]);
        double beyond = sample > high ? sample - high : low - sample;
        return beyond > (Sigmas * sigma) && beyond > Spreads * (high - low);
    }

    private static float Middle(ReadOnlySpan<float> sorted) =>
        0.5f * (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]);

    /// <summary>The up to eight neighbours inside the plane, sorted.</summary>
    private static Span<float> Neighbours(Plane plane, int index, Span<float> into)
    {
        (int x, int y) = (index % plane.Width, index / plane.Width);
        int count = 0;
        for (int row = Math.Max(0, y - 1); row <= Math.Min(plane.Height - 1, y + 1); row++)
        {
            for (int column = Math.Max(0, x - 1); column <= Math.Min(plane.Width - 1, x + 1); column++)
            {
                if (row != y || column != x)
                {
                    into[count++] = plane.Samples[(row * plane.Width) + column];
                }
            }
        }

        Span<float> sorted = into[..count];
        sorted.Sort();
        return sorted;
    }
}
