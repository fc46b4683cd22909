using Klar.Formats;
using Klar.SelfSupervised.Trained;

namespace Klar.Cli.Training;

/// <summary>Models in files, and what is noted in them.</summary>
internal static class ModelFile
{
    /// <summary>How their names end.</summary>
    public const string Extension = ".safetensors";

    /// <summary>Whether what stands for a method is a model's file.</summary>
    public static bool Is(string name) => name.EndsWith(Extension, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a model.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or is none.</exception>
    public static TrainedModel Load(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            return TrainedModel.Load(file);
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new UserErrorException(ExitCode.Failed, $"{path}: {Outcome.OneLine(failure)}");
        }
    }

    /// <summary>Writes the model as trained so far, whole or not at all.</summary>
    public static void Write(string path, ITraining training, IReadOnlyDictionary<string, string> notes) =>
        AtomicFile.Write(path, unfinished =>
    {
        using FileStream file = File.Create(unfinished);
        training.SaveModel(file, notes);
    });
}
