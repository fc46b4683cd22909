using Klar.Networks;
using Klar.Noise;

namespace Klar.SelfSupervised.Klar;

/// <summary>
/// A window of the picture with more noise, or fewer photons, and a target whose noise is independent of it: on probes
/// it is measured how far each part of the method is from the clean picture.
/// </summary>
/// <param name="Window">Where it lies.</param>
/// <param name="Input">What the parts denoise, a plane each channel.</param>
/// <param name="Target">What their results are compared with.</param>
/// <param name="Louder">The noise of the input over that of the picture.</param>
internal sealed record Probe(Region Window, float[][] Input, float[][] Target, float Louder)
{
    // Of the pairs: hardly noisier than the picture.
    private const float Strength = 0.2f;

    // The weights of a larger picture are measured on windows of it.
    private const int WindowSide = 160;
    private const int MaxPixels = 384 * 384;

    /// <summary>A result as it is compared with the target; null if as it is.</summary>
    public Func<float, float>? Compared { get; private init; }

    /// <summary>Where a window's sample is in a picture of that width.</summary>
    public int At(int sample, int width) =>
        ((Window.Y + (sample / Window.Width)) * width) + Window.X + (sample % Window.Width);

    /// <summary>
    /// Recorrupted windows, y + a z and y − z / a (Pang, Zheng, Quan and Ji, CVPR 2021), with z and with −z: what z
    /// adds to the target cancels to first order.
    /// </summary>
    public static IEnumerable<Probe> Recorrupted(
        float[][] noisy, int width, int height, float[][] sigmas, NoiseField[] fields)
    {
        foreach (Region window in Windows(width, height))
        {
            foreach (int sign in (int[])[1, -1])
            {
                Probe probe = Empty(window, noisy.Length, MathF.Sqrt(1 + (Strength * Strength)));
                for (int c = 0; c < noisy.Length; c++)
                {
                    for (int i = 0; i < window.Pixels; i++)
                    {
                        int at = probe.At(i, width);
                        float z = sign * sigmas[c][at] * fields[c].At(at % width, at / width);
                        probe.Input[c][i] = noisy[c][at] + (Strength * z);
                        probe.Target[c][i] = noisy[c][at] - (z / Strength);
                    }
                }

                yield return probe;
            }
        }
    }

    /// <summary>Windows with some of the photons taken out, which are the target.</summary>
    public static IEnumerable<Probe> Thinned(float[][] noisy, int width, int height, PhotonThinning thinning)
    {
        foreach (Region window in Windows(width, height))
        {
            Probe probe = Empty(window, noisy.Length, louder: 1) with { Compared = thinning.Brightness };
            for (int c = 0; c < noisy.Length; c++)
            {
                for (int i = 0; i < window.Pixels; i++)
                {
                    int at = probe.At(i, width);
                    (probe.Input[c][i], probe.Target[c][i]) =
                        thinning.Split(noisy[c][at], ((ulong)c * (ulong)noisy[c].Length) + (ulong)at);
                }
            }

            yield return probe;
        }
    }

    private static Probe Empty(Region window, int channels, float louder)
    {
        float[][] Planes() => [.. Enumerable.Range(0, channels).Select(_ => new float[window.Pixels])];
        return new Probe(window, Planes(), Planes(), louder);
    }

    /// <summary>The whole picture, or windows in the middles of its quarters.</summary>
    private static Region[] Windows(int width, int height)
    {
        if (width * (long)height <= MaxPixels)
        {
            return [new Region(0, 0, width, height)];
        }

        (int across, int down) = (Math.Min(WindowSide, width / 2), Math.Min(WindowSide, height / 2));
        return [.. Enumerable.Range(0, 4).Select(i => new Region(
            (((2 * (i % 2)) + 1) * width / 4) - (across / 2),
            (((2 * (i / 2)) + 1) * height / 4) - (down / 2),
            across,
            down))];
    }
}
