namespace Klar;

/// <summary>
/// A training whose steps the caller takes one by one. Between two of them all that the next depends on can be saved
/// and read back, and training goes on
/// with the same bits.
/// </summary>
public interface ITraining
{
    /// <summary>The name of the method that is trained.</summary>
    string Method { get; }

    /// <summary>How many steps there are.</summary>
    int StepCount { get; }

    /// <summary>The loss of each step taken, before its update.</summary>
    IReadOnlyList<float> Losses { get; }

    /// <summary>The steps that are left, each when it is asked for.</summary>
    /// <param name="cancel">Ends it; a cancelled step has not been taken.</param>
    IEnumerable<TrainingStep> Steps(CancellationToken cancel = default);

    /// <summary>Writes everything that the next step depends on, as .safetensors.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="data">A text that stands for what it is trained on.</param>
    void Save(Stream to, string data);

    /// <summary>Goes on where the run was that wrote <paramref name="from"/>.</summary>
    /// <param name="from">What <see cref="Save"/> wrote.</param>
    /// <param name="data">A text that stands for what it is trained on.</param>
    /// <exception cref="InvalidDataException">The file is damaged, or belongs to another training.</exception>
    void Resume(Stream from, string data);

    /// <summary>Writes the model as trained so far.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="notes">What else is to be known of it, by name.</param>
    void SaveModel(Stream to, IReadOnlyDictionary<string, string> notes);
}
