using System.Globalization;
using Klar.Noise;
using Klar.SelfSupervised.Trained;

namespace Klar.Formats.Denoising;

/// <summary>What is noted in a model of the noise that it was trained on.</summary>
internal static class ModelNoise
{
    private const string SigmaNote = "noise-sigma";
    private const string KindNote = "noise";

    // A model does not know noise of another level: up to here the error is small.
    private const double MaxRatio = 1.5;

    /// <summary>The notes, as one of the images that a model is trained on shows the noise.</summary>
    public static Dictionary<string, string> Notes(Image noisy)
    {
        NoiseEstimate noise = NoiseEstimator.Estimate(noisy);
        return new Dictionary<string, string>
        {
            [KindNote] = noise.Kind.ToString(),
            [SigmaNote] = (noise.Sigma * noisy.Scale.Range).ToString("G6", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>
    /// A warning where an image's noise is not what the model was trained on; null where it is, or nobody knows.
    /// </summary>
    public static string? Warning(TrainedModel model, NoiseEstimate noise, SampleScale scale)
    {
        double here = noise.Sigma * scale.Range;
        string? note = model.Notes.GetValueOrDefault(SigmaNote);
        return double.TryParse(note, NumberStyles.Float, CultureInfo.InvariantCulture, out double trained)
            && trained > 0
            && (here > MaxRatio * trained || here < trained / MaxRatio)
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"the model was trained on noise of {trained:G3} grey levels, and here it is {here:G3}: "
                + $"train one on images like this one")
            : null;
    }
}
