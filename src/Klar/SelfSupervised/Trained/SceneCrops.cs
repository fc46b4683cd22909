using Klar.Networks;
using Klar.Numerics;

namespace Klar.SelfSupervised.Trained;

/// <summary>
/// Crops of many scenes: each pixel of each scene is as likely as any other. What is drawn is a function of seed and
/// number.
/// </summary>
internal sealed class SceneCrops
{
    private readonly IReadOnlyList<Scene> _scenes;
    private readonly Crops[] _crops;
    private readonly long[] _ends;
    private readonly CounterRandom _random;

    public SceneCrops(IReadOnlyList<Scene> scenes, int size, ulong seed)
    {
        (_scenes, _random) = (scenes, new CounterRandom(seed, RandomStream.Scenes));
        _crops = [.. scenes.Select(scene => new Crops(seed, scene.Width, scene.Height, size))];
        _ends = new long[scenes.Count];
        long end = 0;
        for (int i = 0; i < _ends.Length; i++)
        {
            end += (long)scenes[i].Width * scenes[i].Height;
            _ends[i] = end;
        }
    }

    /// <summary>
    /// Puts crop <paramref name="number"/> of a take into a map. Of scenes with two takes, chance says which is the
    /// first.
    /// </summary>
    public void Fill(ulong number, int take, FeatureMap to)
    {
        long pixel = (long)(_random.Uniform(number) * _ends[^1]);
        int scene = Array.FindIndex(_ends, end => pixel < end);
        float[][][] takes = _scenes[scene].Takes;
        float[][] planes = takes[(take + _random.Below(takes.Length, number, draw: 1)) % takes.Length];
        Crops.Crop crop = _crops[scene].At(number);
        for (int c = 0; c < planes.Length; c++)
        {
            _crops[scene].Fill(crop, planes[c], to, c);
        }
    }
}
