namespace Klar.Networks;

/// <summary>
/// What every training keeps between two steps, and how it is saved and read back: the weights, Adam's means, and the
/// loss of each step taken. A training with more to keep adds tensors of its own.
/// </summary>
internal sealed class TrainingState(PreparedWeights weights, Adam adam)
{
    private readonly List<float> _losses = [];

    /// <summary>The loss of each step taken, before its update.</summary>
    public IReadOnlyList<float> Losses => _losses;

    /// <summary>Counts a step.</summary>
    public void Add(double loss) => _losses.Add((float)loss);

    /// <summary>Writes it as .safetensors.</summary>
    /// <param name="to">Where to.</param>
    /// <param name="training">A text that is the same for the same training alone.</param>
    /// <param name="others">What else the training keeps.</param>
    public void Save(Stream to, string training, params ReadOnlySpan<SafeTensors.Tensor> others)
    {
        (float[] mean, float[] square) = adam.State;
        int[] shape = [mean.Length];
        SafeTensors.Write(
            to,
            [
                new("parameters", shape, weights.Parameters), new("mean", shape, mean), new("square", shape, square),
                new("losses", [_losses.Count], [.. _losses]), .. others,
            ],
            new Dictionary<string, string> { ["training"] = training });
    }

    /// <summary>Goes on where another run was.</summary>
    /// <param name="from">What <see cref="Save"/> wrote.</param>
    /// <param name="training">The text that it was saved under.</param>
    /// <param name="steps">Steps of the whole training.</param>
    /// <param name="others">Names of what else the training keeps, each as large as the weights.</param>
    /// <returns>What else it keeps, in the order of <paramref name="others"/>.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or belongs to another training; nothing was
    /// taken.</exception>
    public float[][] Resume(Stream from, string training, int steps, params ReadOnlySpan<string> others)
    {
        (IReadOnlyList<SafeTensors.Tensor> tensors, IReadOnlyDictionary<string, string> text) = SafeTensors.Read(from);
        if (text.GetValueOrDefault("training") != training)
        {
            throw new InvalidDataException("it belongs to a training with other images or settings");
        }

        float[] Of(string name) => tensors.FirstOrDefault(tensor => tensor.Name == name)?.Values
            ?? throw new InvalidDataException($"'{name}' is missing");
        (float[] parameters, float[] mean, float[] square, float[] losses) =
            (Of("parameters"), Of("mean"), Of("square"), Of("losses"));
        float[][] kept = new float[others.Length][];
        for (int i = 0; i < kept.Length; i++)
        {
            kept[i] = Of(others[i]);
        }

        if (kept.Concat([parameters, mean, square]).Any(values => values.Length != weights.Parameters.Length)
            || losses.Length > steps)
        {
            throw new InvalidDataException("its sizes do not fit");
        }

        parameters.CopyTo(weights.Parameters.AsSpan());
        weights.Prepare();
        adam.GoOn(losses.Length, mean, square);
        _losses.Clear();
        _losses.AddRange(losses);
        return kept;
    }
}
