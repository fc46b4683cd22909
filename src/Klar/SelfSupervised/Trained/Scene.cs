using Klar.Imaging;

namespace Klar.SelfSupervised.Trained;

/// <summary>A scene to train on: one noisy take of it or two, as the model sees them.</summary>
/// <param name="Takes">[take][channel], each row-major.</param>
/// <param name="Width">Samples in a row.</param>
/// <param name="Height">Rows.</param>
internal sealed record Scene(float[][][] Takes, int Width, int Height)
{
    public static Scene Of(ModelScale scale, params ReadOnlySpan<Image> takes)
    {
        float[][][] seen = new float[takes.Length][][];
        for (int t = 0; t < takes.Length; t++)
        {
            Image take = takes[t];
            seen[t] = [.. take.Planes.Select(plane => scale.Seen(plane, take.Scale))];
        }

        return new Scene(seen, takes[0].Width, takes[0].Height);
    }
}
