using Klar.Imaging;

namespace Klar.Noise;

/// <summary>How many samples lie at the ends of the file's range.</summary>
/// <param name="Black">The share at black or below; 0 where nothing can have been cut off there.</param>
/// <param name="White">The share at white or above; 0 where nothing can have been cut off there.</param>
/// <param name="CanBlack">Whether noise may have been cut off at black: the type ends there, and nothing lies
/// below.</param>
/// <param name="CanWhite">Whether noise may have been cut off at white.</param>
internal sealed record ClippedShares(double Black, double White, bool CanBlack, bool CanWhite)
{
    private const int MinCountAtEnd = 10;
    private const double MinShareAtEnd = 0.0005;

    /// <summary>Of all samples that are picture.</summary>
    public static ClippedShares Of(Image image, IReadOnlyList<Mask?> masks)
    {
        bool below = false, above = false;
        long black = 0, white = 0, all = 0;
        for (int c = 0; c < image.Planes.Count; c++)
        {
            ReadOnlySpan<float> samples = image.Planes[c].Samples;
            Mask? mask = masks[c];
            for (int i = 0; i < samples.Length; i++)
            {
                if (mask?[i] == true)
                {
                    continue;
                }

                float sample = samples[i];
                black += sample <= 0 ? 1 : 0;
                white += sample >= 1 ? 1 : 0;
                below |= sample < 0;
                above |= sample > 1;
                all++;
            }
        }

        // Where the scale is the file's own range, its ends are single samples' unless many pile up; and below 0 no
        // whole number was cut off.
        bool piledUp = image.Scale.MayBePhotograph || white > MinCountAtEnd + (MinShareAtEnd * all);
        bool piledUpAtBlack = image.Scale.Black == 0 || black > MinCountAtEnd + (MinShareAtEnd * all);
        bool canBlack = image.Scale.Bounded && !below && piledUpAtBlack;
        bool canWhite = image.Scale.Bounded && !above && piledUp;
        return new ClippedShares(canBlack
            && all > 0 ? (double)black / all : 0, canWhite
            && all > 0 ? (double)white / all : 0, canBlack, canWhite);
    }
}
