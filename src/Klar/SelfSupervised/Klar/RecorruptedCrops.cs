using Klar.Networks;

namespace Klar.SelfSupervised.Klar;

/// <summary>
/// Pairs whose noises are independent, from one noisy picture (Pang, Zheng, Quan and Ji, CVPR 2021): with noise n of covariance S and a fresh z of the
/// same, y + a z and y − z / a. The mean of the squared difference to the second is that to the clean picture, and a constant.
/// </summary>
/// <param name="planes">The noisy channels.</param>
/// <param name="width">Samples in a row.</param>
/// <param name="sigmas">σ of each sample.</param>
/// <param name="strength">a.</param>
/// <param name="noise">Fields of z to cut from, as many as channels.</param>
/// <param name="heldBack">Samples that are never a target.</param>
/// <param name="geometry">Where crops lie.</param>
internal sealed class RecorruptedCrops(float[][] planes, int width, float[][] sigmas, float strength, NoiseField[] noise, bool[] heldBack, CropGeometry geometry) : ICropSource
{
    public int InputChannels => planes.Length;

    public int Channels => planes.Length;

    public void Fill(ulong number, InputImage input, Span<float> target)
    {
        CropGeometry.Crop crop = geometry.At(number);
        int side = input.Width;
        for (int y = 0; y < side; y++)
        {
            Span<float> row = input.Row(y);
            for (int x = 0; x < side; x++)
            {
                (int fromX, int fromY, int noiseX, int noiseY) = geometry.Source(crop, x, y);
                int at = (fromY * width) + fromX;
                for (int c = 0; c < planes.Length; c++)
                {
                    float sample = planes[c][at], z = sigmas[c][at] * noise[c].At(noiseX, noiseY);
                    row[(x * planes.Length) + c] = sample + (strength * z);
                    target[(((y * side) + x) * planes.Length) + c] = heldBack[at] ? float.NaN : sample - (z / strength);
                }
            }
        }
    }
}
