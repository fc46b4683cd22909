using Klar.Noise;

namespace Klar.SelfSupervised.Klar;

/// <summary>
/// Pairs to train on: crops of a picture that is taken for clean, with fresh noise of the measured kind and without.
/// </summary>
/// <param name="planes">The picture's channels.</param>
/// <param name="width">Samples in a row.</param>
/// <param name="sigmas">σ of each sample.</param>
/// <param name="noise">Fields of normal noise to cut from, as many as channels.</param>
/// <param name="shape">What that noise is at a brightness; null if it stays normal.</param>
/// <param name="geometry">Where crops lie.</param>
internal sealed class NoisyCrops(
    float[][] planes, int width, float[][] sigmas, NoiseField[] noise, Func<float, float, float>? shape,
    CropGeometry geometry)
{
    /// <summary>Numbers a pixel.</summary>
    public int Channels => planes.Length;

    /// <summary>
    /// Fills crop <paramref name="number"/>, a function of the number alone: the noisy input and the target, row-major,
    /// a plane for each channel.
    /// </summary>
    public void Fill(ulong number, float[][] input, float[][] target)
    {
        CropGeometry.Crop crop = geometry.At(number);
        int side = geometry.Side;
        for (int i = 0; i < side * side; i++)
        {
            (int fromX, int fromY, int noiseX, int noiseY) = geometry.Source(crop, i % side, i / side);
            int at = (fromY * width) + fromX;
            for (int c = 0; c < planes.Length; c++)
            {
                float sample = planes[c][at], normal = noise[c].At(noiseX, noiseY);
                input[c][i] = sample + (sigmas[c][at] * (shape is null ? normal : shape(sample, normal)));
                target[c][i] = sample;
            }
        }
    }
}
