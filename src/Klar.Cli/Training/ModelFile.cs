using System.Globalization;
using Klar.Formats;
using Klar.Imaging;
using Klar.Noise;
using Klar.SelfSupervised.Trained;

namespace Klar.Cli.Training;

/// <summary>Models in files, and what is noted in them.</summary>
internal static class ModelFile
{
    /// <summary>How their names end.</summary>
    public const string Extension = ".safetensors";

    private const string SigmaNote = "noise-sigma";
    private const string KindNote = "noise";

    // A model does not know noise of another level: up to here it is off by little.
    private const double Alike = 1.5;

    /// <summary>Whether what stands for a method is a model's file.</summary>
    public static bool Is(string name) => name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a model.</summary>
    /// <exception cref="ExpectedTroubleException">It cannot be read, or is none.</exception>
    public static TrainedModel Load(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return TrainedModel.Load(file);
        }
        catch (Exception trouble) when (trouble is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new ExpectedTroubleException(ExitCode.Failed, $"{path}: {Outcome.OneLine(trouble)}");
        }
    }

    /// <summary>Writes the model as trained so far, whole or not at all.</summary>
    public static void Write(string path, ITraining training, IReadOnlyDictionary<string, string> notes) =>
        AtomicFile.Write(path, unfinished =>
    {
        using FileStream file = File.Create(unfinished);
        training.SaveModel(file, notes);
    });

    /// <summary>What is noted of the noise that a model was trained on, as one of its images shows it.</summary>
    public static Dictionary<string, string> Notes(Image noisy)
    {
        NoiseEstimate noise = NoiseEstimator.Estimate(noisy);
        return new Dictionary<string, string>
        {
            [KindNote] = noise.Kind.ToString(),
            [SigmaNote] = (noise.Sigma * noisy.Scale.Range).ToString("G6", CultureInfo.InvariantCulture),
        };
    }

    /// <summary>A warning where an image's noise is not what the model was trained on; null where it is, or nobody knows.</summary>
    public static string? Warning(TrainedModel model, NoiseEstimate noise, SampleScale scale)
    {
        double here = noise.Sigma * scale.Range;
        return double.TryParse(model.Notes.GetValueOrDefault(SigmaNote), NumberStyles.Float, CultureInfo.InvariantCulture, out double trained) && trained > 0
            && (here > Alike * trained || here < trained / Alike)
            ? string.Create(CultureInfo.InvariantCulture, $"the model was trained on noise of {trained:G3} grey levels, and here it is {here:G3}: train one on images like this one")
            : null;
    }
}
