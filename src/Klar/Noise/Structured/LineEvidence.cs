using Klar.Numerics;

namespace Klar.Noise.Structured;

/// <summary>
/// What tells offsets of lines from structure of the specimen: an offset is the same all along its line, is there in
/// nearly all lines, and has nothing to do with the offsets of other lines. Structure ends somewhere, is in some lines,
/// and is smooth or regular. docs/algorithms/structured-noise.md has what was measured for each limit.
/// </summary>
internal sealed record LineEvidence
{
    // Changes beyond so many standard deviations count as if they were there.
    private const double Winsor = 3;

    // Lines of a stretch whose spectrum is looked at for itself: a pattern whose period changes has peaks there alone.
    private const int Stretch = 64;

    // The second differences of N lines are worth so many independent ones.
    private const double Independent = 0.51;

    private const double MinScore = 4;
    private const double MinAgreement = 0.9;
    private const double MaxDisagreement = 1.5;
    private const double MaxUnevenness = 2.2;
    private const double MaxPeak = 2.5;
    private const double MaxLocalPeak = 3;
    private const double MinKurtosis = 2.2;
    private const double MinTypical = 0.4;
    private const double MinRatio = 0.2;
    private const double MaxRatio = 8;
    private const double MaxFar = 1.6;

    /// <summary>Fewer lines, or shorter ones, show too little.</summary>
    public const int MinSide = 96;

    /// <summary>τ², the variance of the offsets; below 0 where parts of lines contradict each other.</summary>
    public required double Variance { get; init; }

    /// <summary>The median covariance of parts, in its standard errors.</summary>
    public required double Score { get; init; }

    /// <summary>The share of pairs of parts whose covariance is the median one within its error.</summary>
    public required double Agreement { get; init; }

    /// <summary>How far the pair that agrees least is off, in what it may be.</summary>
    public required double Disagreement { get; init; }

    /// <summary>Covariance of parts far from each other, relative to near ones.</summary>
    public required double FarOverNear { get; init; }

    /// <summary>The spectrum over all lines.</summary>
    public required OffsetSpectrum Spectrum { get; init; }

    /// <summary>The highest peak in a stretch of lines.</summary>
    public required double LocalPeak { get; init; }

    /// <summary>Kurtosis of the changes, 3 of normal ones.</summary>
    public required double Kurtosis { get; init; }

    /// <summary>The variance of a typical line's offset, from the median change, relative to that of all.</summary>
    public required double Typical { get; init; }

    /// <summary>σ of the offsets relative to that of a sample's noise.</summary>
    public required double Ratio { get; init; }

    /// <summary>Whether there are offsets, beyond doubt.</summary>
    public bool ShowsOffsets =>
        Score >= MinScore
        && Agreement >= MinAgreement && Disagreement <= MaxDisagreement
        && FarOverNear is >= 1 / MaxFar and <= MaxFar
        && Spectrum.Unevenness <= MaxUnevenness && Spectrum.Peak <= MaxPeak && LocalPeak <= MaxLocalPeak
        && Kurtosis >= MinKurtosis && Typical >= MinTypical
        && Ratio is >= MinRatio and <= MaxRatio;

    /// <summary>Weighs what lines' changes say.</summary>
    public static LineEvidence Of(LineChanges changes)
    {
        int lines = changes.Whole.Length;
        double[][] parts = [.. changes.OfParts.Select(Winsorised)];
        var pairs = new List<(int Lag, double Covariance, double Error)>();
        double noise = 0;
        for (int g = 0; g < parts.Length; g++)
        {
            double own = Covariance(parts[g], parts[g]);
            for (int h = g + 1; h < parts.Length; h++)
            {
                double common = Covariance(parts[g], parts[h]), other = Covariance(parts[h], parts[h]);
                double error = Math.Sqrt(((own * other) + (common * common)) / (Independent * lines));
                if (!double.IsNaN(error))
                {
                    pairs.Add((h - g, common, error));
                }
            }

            noise += double.IsNaN(own) ? 0 : own / parts.Length;
        }

        double variance = MedianOf(pairs.Select(static pair => pair.Covariance));
        double[] off = [.. pairs.Select(pair =>
            Math.Abs(pair.Covariance - variance) / ((0.25 * Math.Abs(variance)) + (2 * pair.Error)))];
        double[] series = [.. Winsorised(changes.Whole).Select(static one => double.IsNaN(one) ? 0 : one)];
        double near = MedianOf(pairs.Where(static pair => pair.Lag <= 2).Select(static pair => pair.Covariance));
        double far = MedianOf(pairs.Where(static pair => pair.Lag >= 4).Select(static pair => pair.Covariance));
        double spread = Spread(changes.Whole);
        return new LineEvidence
        {
            Variance = variance / LineChanges.Gain,
            Score = Ratios(variance, MedianOf(pairs.Select(static pair => pair.Error))),
            Agreement = off.Count(static one => one <= 1) / (double)(LineChanges.Parts * (LineChanges.Parts - 1) / 2),
            Disagreement = off.DefaultIfEmpty(double.PositiveInfinity).Max(),
            FarOverNear = Ratios(far, near),
            Spectrum = OffsetSpectrum.Of(series),
            LocalPeak = HighestPeak(series),
            Kurtosis = KurtosisOf(changes.Whole),
            Typical = Ratios((spread * spread) - ((noise - variance) / LineChanges.Parts), variance),
            Ratio = Ratios(Math.Sqrt(Math.Max(0, variance / LineChanges.Gain)), changes.SampleNoise),
        };
    }

    private static double Ratios(double a, double b) => b > 0 ? a / b : 0;

    private static double HighestPeak(double[] series)
    {
        int stretches = Math.Max(1, series.Length / Stretch);
        return Enumerable.Range(0, stretches).Max(i => OffsetSpectrum.Of(
            series.AsSpan((i * series.Length / stretches)..((i + 1) * series.Length / stretches))).Peak);
    }

    private static double Covariance(double[] a, double[] b)
    {
        double sum = 0;
        int count = 0;
        for (int i = 0; i < a.Length; i++)
        {
            if (!double.IsNaN(a[i]) && !double.IsNaN(b[i]))
            {
                sum += a[i] * b[i];
                count++;
            }
        }

        return count >= a.Length / 2 ? sum / Math.Max(1, count) : double.NaN;
    }

    private static double[] Winsorised(double[] series)
    {
        double limit = Winsor * Spread(series);
        return [.. series.Select(one => double.IsNaN(one) ? one : Math.Clamp(one, -limit, limit))];
    }

    /// <summary>σ if the changes were normal, from their median.</summary>
    private static double Spread(double[] series) =>
        MedianOf(series.Where(static one => !double.IsNaN(one)).Select(Math.Abs)) / 0.6745;

    private static double KurtosisOf(double[] series)
    {
        (double squares, double fourths) = (0, 0);
        int count = 0;
        foreach (double one in series.Where(static one => !double.IsNaN(one)))
        {
            (squares, fourths, count) = (squares + (one * one), fourths + (one * one * one * one), count + 1);
        }

        return Ratios(fourths * count, squares * squares);
    }

    private static double MedianOf(IEnumerable<double> numbers) => Selection.UpperMedian<double>([.. numbers]);
}
