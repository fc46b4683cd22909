using Klar.Noise;
using Klar.Reports;

namespace Klar.Cli.Viewing;

/// <summary>Noisy pictures to try Klar on, generated: nobody's data, the same on every machine.</summary>
internal static class SamplePictures
{
    /// <summary>Their names.</summary>
    public static readonly IReadOnlyList<string> Names = ["cells", "dim", "stack"];

    private const int Side = 512;
    private const int StackSide = 256;
    private const int Channels = 2;
    private const int Slices = 9;
    private const float BlurOfSlice = 1.6f;

    private static readonly SampleScale Camera = new(100, 4095, Bounded: true);

    /// <summary>The pages of a sample, channel by channel within each slice, and how many of both there are.</summary>
    public static (IReadOnlyList<Image> Pages, int Channels, int Slices) Of(string name, CancellationToken cancel) =>
        name switch
        {
            "cells" => ([Noisy(DemoPicture.Create(Side, 1), "poisson-gaussian:40:6", 1, cancel)], 1, 1),
            "dim" => ([Noisy(DemoPicture.Create(Side, 5), "poisson:6", 2, cancel)], 1, 1),
            "stack" => (Stack(cancel), Channels, Slices),
            _ => throw UserErrorException.Usage($"there is no sample '{name}': {string.Join(", ", Names)}"),
        };

    /// <summary>
    /// Each channel has layers at three depths; a slice sees them the more blurred the farther off they are.
    /// </summary>
    private static List<Image> Stack(CancellationToken cancel)
    {
        int[] depths = [1, 4, 7];
        Image[][] layers = [.. Enumerable.Range(0, Channels).Select(channel =>
            depths.Select((_, layer) => DemoPicture.Create(StackSide, (ulong)(11 + (3 * channel) + layer))).ToArray())];
        var pages = new List<Image>();
        for (int z = 0; z < Slices; z++)
        {
            for (int c = 0; c < Channels; c++)
            {
                Image[] seen =
                [
                    .. layers[c].Select((layer, i) => Blurred(layer, BlurOfSlice * Math.Abs(z - depths[i]), cancel))
                ];
                pages.Add(Noisy(Brightest(seen), "poisson-gaussian:30:5", (ulong)(100 + pages.Count), cancel));
            }
        }

        return pages;
    }

    private static Image Blurred(Image image, float sigma, CancellationToken cancel) => sigma == 0
        ? image
        : new GaussianFilter(new GaussianOptions { Sigma = sigma }, new RunSettings { Threads = 1 })
            .Denoise(image, null, cancel).Image;

    private static Image Brightest(Image[] layers) =>
        new(Plane.Create(StackSide, StackSide, layers, static (to, layers) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = layers.Max(layer => layer.Planes[0].Samples[i]);
        }
    }));

    private static Image Noisy(Image clean, string noise, ulong seed, CancellationToken cancel)
    {
        Image noisy = NoiseModel.Parse(noise)
            .AddTo(clean, clip: true, new RunSettings { Seed = seed, Threads = 1 }, cancel);
        return new Image(noisy.Planes, Camera);
    }
}
