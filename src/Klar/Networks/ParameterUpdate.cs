using Klar.Numerics;
using Klar.Scheduling;

namespace Klar.Networks;

/// <summary>
/// The end of a training step: the groups' gradients summed in order, and Adam's update; an item is a part of the
/// parameters.
/// </summary>
internal sealed class ParameterUpdate(float[] parameters, float[][] groupGradients, Adam adam) : IWork
{
    private const int Chunk = 4096;

    /// <summary>The gradient at the last step's parameters.</summary>
    public float[] Gradient { get; } = new float[parameters.Length];

    /// <summary>How many items there are.</summary>
    public int Chunks => (Gradient.Length + Chunk - 1) / Chunk;

    public void Run(int item, int worker)
    {
        int from = item * Chunk;
        Span<float> sum = Gradient.AsSpan(from, Math.Min(Chunk, Gradient.Length - from));
        groupGradients[0].AsSpan(from, sum.Length).CopyTo(sum);
        for (int g = 1; g < groupGradients.Length; g++)
        {
            Pixelwise.Add(groupGradients[g].AsSpan(from, sum.Length), sum);
        }

        adam.Update(parameters, sum, from);
    }
}
