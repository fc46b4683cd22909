namespace Klar.SelfSupervised.Trained;

/// <summary>A scene to train on: one noisy take of it or two, as the model sees them.</summary>
/// <param name="Takes">[take][channel], each row-major.</param>
/// <param name="Width">Samples in a row.</param>
/// <param name="Height">Rows.</param>
internal sealed record Scene(float[][][] Takes, int Width, int Height)
{
    /// <summary>
    /// The scenes of which these are the takes; an image that is a take of several scenes, as a frame is, is kept
    /// once.
    /// </summary>
    public static IReadOnlyList<Scene> Of(ModelScale scale, IEnumerable<Image[]> scenes)
    {
        var seen = new Dictionary<Image, float[][]>(ReferenceEqualityComparer.Instance);
        float[][] Seen(Image take) => seen.TryGetValue(take, out float[][]? planes)
            ? planes
            : seen[take] = [.. take.Planes.Select(plane => scale.Seen(plane, take.Scale))];
        return [.. scenes.Select(takes => new Scene([.. takes.Select(Seen)], takes[0].Width, takes[0].Height))];
    }
}
