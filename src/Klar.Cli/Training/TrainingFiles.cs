using Klar.Formats;
using Klar.Reports;

namespace Klar.Cli.Training;

/// <summary>The files of a training: the model, its curve of losses, and, until it is done, the checkpoint.</summary>
/// <param name="model">The model's path.</param>
/// <param name="along">Whether the model is written with every checkpoint: what trains for days is used before it is
/// done.</param>
internal sealed class TrainingFiles(string model, bool along)
{
    /// <summary>Everything that the next step depends on.</summary>
    public string Checkpoint => model + ".checkpoint";

    private string Csv => Path.ChangeExtension(model, ".loss.csv");

    private string Png => Path.ChangeExtension(model, ".loss.png");

    /// <exception cref="UserErrorException">One of them exists and was not to be overwritten.</exception>
    public void RefuseExisting(bool overwrite, bool resume)
    {
        if (!resume && !overwrite && File.Exists(Checkpoint))
        {
            throw new UserErrorException(
                ExitCode.OutputExists, $"{Checkpoint} exists (--resume goes on, --overwrite begins anew)");
        }

        // A model that is there was done; its curves are Klar's own where a model or a checkpoint is with them.
        OutputFile.RefuseExisting(model, overwrite || resume);
        foreach (string file in (string[])[Csv, Png])
        {
            OutputFile.RefuseExisting(file, overwrite || (resume && (File.Exists(Checkpoint) || File.Exists(model))));
        }
    }

    /// <summary>Saves where the training stands, whole or not at all.</summary>
    public void Save(ITraining training, string data)
    {
        AtomicFile.Write(Checkpoint, unfinished =>
        {
            using FileStream file = File.Create(unfinished);
            training.Save(file, data);
        });
        AtomicFile.WriteText(Csv, LossCurve.Csv(training.Losses));
        if (along)
        {
            ModelFile.Write(model, training, new Dictionary<string, string>());
        }
    }

    /// <summary>Goes on from the checkpoint, if there is one.</summary>
    /// <exception cref="UserErrorException">It is damaged, or of another training.</exception>
    public void Resume(ITraining training, string data)
    {
        if (!File.Exists(Checkpoint))
        {
            return;
        }

        try
        {
            using FileStream file = File.OpenRead(Checkpoint);
            training.Resume(file, data);
        }
        catch (InvalidDataException failure)
        {
            throw new UserErrorException(ExitCode.Failed, $"{Checkpoint}: {failure.Message} (--overwrite begins anew)");
        }
    }

    /// <summary>Writes model and curve; the checkpoint has served.</summary>
    public void Finish(ITraining training, IReadOnlyDictionary<string, string> notes)
    {
        AtomicFile.WriteText(Csv, LossCurve.Csv(training.Losses));
        LossCurve.Draw(Png, training.Losses, $"{training.Method}, {Path.GetFileName(model)}");
        ModelFile.Write(model, training, notes);
        File.Delete(Checkpoint);
    }
}
