using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// Photons without read noise come in whole numbers: in the file's grey levels there is a gap between none and one.
/// Noise that was cut off at black has a variance that grows with brightness too, but no gap.
/// </summary>
internal sealed class PhotonComb
{
    private const int MaxLevels = 4096;

    // Below it a photon is hardly more than a grey level, and no gap shows.
    private const double MinLevels = 3;

    // Of the samples between none and one and a half photons, more than this below 0.6 are no photons'.
    private const double Gap = 0.6;
    private const double Reach = 1.5;
    private const double MaxWithin = 0.2;

    // With so many samples of a photon, and hardly one below it, they are photons.
    private const int MinSeen = 50;
    private const double MaxWithinToShow = 0.02;

    private readonly long[] _counts = new long[MaxLevels];
    private readonly double _range;

    private PhotonComb(double range) => _range = range;

    /// <summary>
    /// The grey levels of an image; of floats none, since they may be anything, and of 8 bits none, which are often
    /// stretched and have gaps of their own.
    /// </summary>
    public static PhotonComb Of(Image image, IReadOnlyList<Mask?> masks)
    {
        SampleScale scale = image.Scale;
        var comb = new PhotonComb(scale.Range);
        for (int c = 0; scale.Bounded && !scale.MayBePhotograph && c < image.Planes.Count; c++)
        {
            ReadOnlySpan<float> samples = image.Planes[c].Samples;
            for (int i = 0; i < samples.Length; i++)
            {
                double grey = Math.Round(samples[i] * scale.Range);
                if (grey is > 0 and < MaxLevels && masks[c]?[i] != true)
                {
                    comb._counts[(int)grey]++;
                }
            }
        }

        return comb;
    }

    /// <summary>
    /// Whether the dark samples show the gaps that only photons of that gain (in sample units) without read noise
    /// leave.
    /// </summary>
    public bool Shows(double gain) =>
        Count(gain) is (long within, long all) && all >= MinSeen && within <= MaxWithinToShow * all;

    /// <summary>Whether the dark samples can be photons of that gain (in sample units) alone.</summary>
    public bool Allows(double gain) => Count(gain) is not (long within, long all) || within <= MaxWithin * all;

    /// <summary>
    /// How many samples lie between none and one photon, and how many up to one and a half; null where no gap could
    /// show.
    /// </summary>
    private (long Within, long All)? Count(double gain)
    {
        double levels = gain * _range;
        if (levels < MinLevels || Reach * levels >= MaxLevels)
        {
            return null;
        }

        long within = 0, all = 0;
        for (int grey = 1; grey <= Reach * levels; grey++)
        {
            within += grey < Gap * levels ? _counts[grey] : 0;
            all += _counts[grey];
        }

        return (within, all);
    }
}
