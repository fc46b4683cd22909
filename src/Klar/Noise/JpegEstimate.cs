using Klar.Imaging;

namespace Klar.Noise;

/// <summary>The estimate of the noise of a picture that was a JPEG, from the blocks of its grid.</summary>
internal static class JpegEstimate
{
    // White noise that went through JPEG compression, of any quality down to 30, has no greater correlation of
    // neighbours while enough of it is left to be measured; structure has.
    private const double MaxLag = 0.72;

    /// <summary>
    /// The noise; <see cref="NoiseKind.None"/> where next to none is left; null where there are too few blocks to say.
    /// </summary>
    /// <param name="image">The noisy picture.</param>
    /// <param name="masks">Samples that are no picture, a mask a plane; null where all are.</param>
    /// <param name="grid">Where blocks start.</param>
    /// <param name="clipped">How much lies at black and white.</param>
    public static NoiseEstimate? Of(Image image, IReadOnlyList<Mask?> masks, JpegGrid grid, ClippedShares clipped)
    {
        if (grid.IsColour)
        {
            (image, masks) = JpegColours.Luminance(image, masks);
        }

        (List<LevelSet> levels, double[] autocorrelation, bool isNoise, double before) =
            JpegNoise.Of(image, masks, grid);
        double least = NoiseEstimator.MinSigma(image.Scale);
        if (levels.Count == 0)
        {
            return null;
        }

        NoiseEstimate noise = NoiseReading.Of(image, masks, levels) is { } best
            ? NoiseDescription.Of(
                image, masks, levels, best, clipped, whiteness: 1, hasBand: true, isWhiteInBand: false, autocorrelation)
            : NoiseEstimator.Nothing(clipped, "nothing scatters in the flat blocks of the JPEG that the file was");
        bool isSeen = levels.Sum(set => set.Variance > least * least ? set.Patches : -set.Patches) > 0;

        // Levels that do not fit together are those of texture: what is only guessed of a photograph is not acted on.
        isNoise &= isSeen && noise.Lag1 <= MaxLag && noise.Confidence >= NoiseDescription.MinConfidence;
        return noise.Kind != NoiseKind.None && isNoise
            ? noise with { Jpeg = grid, IsOfJpeg = true, SigmaBeforeJpeg = before * noise.Sigma }
            : noise with
            {
                Jpeg = grid,
                Kind = NoiseKind.None,
                Warnings = ["the file was a JPEG, and next to no noise is left in its flat blocks"],
            };
    }

    /// <summary>
    /// The noise of the differences of colour of a picture whose luminance is noisy, the same everywhere; null where
    /// next to none is left.
    /// </summary>
    /// <param name="differences">The differences, at the size at which they were coded.</param>
    /// <param name="grid">Where their blocks start.</param>
    /// <param name="before">σ before compression at that size, from that of the luminance.</param>
    public static NoiseEstimate? OfColours(Image differences, JpegGrid grid, double before)
    {
        (double variance, double[] autocorrelation) = JpegNoise.OfOneLevel(differences, grid, before * before);
        double sigma = Math.Sqrt(variance);
        return sigma < NoiseEstimator.MinSigma(differences.Scale)
            ? null
            : new NoiseEstimate
            {
                Kind = NoiseKind.Gaussian,
                Sigma = sigma,
                ReadNoise = sigma,
                Autocorrelation = autocorrelation,
                Confidence = 1,
                IsOfJpeg = true,
            };
    }

    /// <summary>
    /// The masked samples at black or white: what else is of one value in a file that was a JPEG is flat picture whose
    /// noise was quantised to 0.
    /// </summary>
    public static IReadOnlyList<Mask?> MasksAtEnds(Image image, IReadOnlyList<Mask?> masks) =>
        [.. masks.Zip(image.Planes, static (mask, plane) =>
        {
            bool[] atEnds = new bool[plane.Samples.Length];
            for (int i = 0; i < atEnds.Length; i++)
            {
                atEnds[i] = mask?[i] == true && plane.Samples[i] is <= 0 or >= 1;
            }

            return atEnds.AsSpan().Contains(true) ? new Mask(plane.Width, plane.Height, atEnds) : null;
        })];
}
