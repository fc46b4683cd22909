using Klar.Noise;

namespace Klar.SelfSupervised.Klar;

/// <summary>
/// Pairs to train on: crops of a picture p with fresh noise z, p + a z, and what a denoiser should make of them, p − b z.
/// </summary>
/// <param name="planes">The channels of p.</param>
/// <param name="width">Samples in a row.</param>
/// <param name="sigmas">σ of each sample.</param>
/// <param name="onInput">a.</param>
/// <param name="onTarget">b.</param>
/// <param name="noise">Fields of z to cut from, as many as channels.</param>
/// <param name="shape">What z is at a brightness; null if it is normal.</param>
/// <param name="heldBack">Samples that are never a target.</param>
/// <param name="geometry">Where crops lie.</param>
internal sealed class NoisyCrops(
    float[][] planes, int width, float[][] sigmas, float onInput, float onTarget, NoiseField[] noise,
    Func<float, float, float>? shape, bool[]? heldBack, CropGeometry geometry)
{
    /// <summary>Numbers a pixel.</summary>
    public int Channels => planes.Length;

    /// <summary>
    /// Recorrupted pairs (Pang, Zheng, Quan and Ji, CVPR 2021): of a noisy picture, whose noise n has z's covariance,
    /// y + a z and y − z / a have independent noises. The mean of the squared difference to the second is that to the
    /// clean picture, and a constant.
    /// </summary>
    public static NoisyCrops Recorrupted(
        float[][] noisy, int width, float[][] sigmas, float strength, NoiseField[] noise, bool[] heldBack,
        CropGeometry geometry) =>
        new(noisy, width, sigmas, strength, 1 / strength, noise, null, heldBack, geometry);

    /// <summary>A pilot, taken for clean, with fresh noise and without.</summary>
    public static NoisyCrops OfPilot(
        float[][] pilot, int width, float[][] sigmas, NoiseField[] noise, Func<float, float, float>? shape,
        CropGeometry geometry) =>
        new(pilot, width, sigmas, 1, 0, noise, shape, null, geometry);

    /// <summary>
    /// Fills crop <paramref name="number"/>, a function of the number alone: the input and the target, row-major, a plane
    /// each channel; the target is NaN where nothing is to be learnt.
    /// </summary>
    public void Fill(ulong number, float[][] input, float[][] target)
    {
        CropGeometry.Crop crop = geometry.At(number);
        int side = geometry.Side;
        for (int i = 0; i < side * side; i++)
        {
            (int fromX, int fromY, int noiseX, int noiseY) = geometry.Source(crop, i % side, i / side);
            int at = (fromY * width) + fromX;
            bool held = heldBack is not null && heldBack[at];
            for (int c = 0; c < planes.Length; c++)
            {
                float sample = planes[c][at], normal = noise[c].At(noiseX, noiseY);
                float z = sigmas[c][at] * (shape is null ? normal : shape(sample, normal));
                input[c][i] = sample + (onInput * z);
                target[c][i] = held ? float.NaN : sample - (onTarget * z);
            }
        }
    }
}
