using Klar.Networks;

namespace Klar.SelfSupervised.Klar;

/// <summary>Pairs of a pilot, taken for clean, with fresh noise and without.</summary>
/// <param name="pilot">The pilot's channels.</param>
/// <param name="width">Samples in a row.</param>
/// <param name="sigmas">σ of each sample.</param>
/// <param name="noise">Fields of noise to cut from, as many as channels.</param>
/// <param name="geometry">Where crops lie.</param>
internal sealed class PilotCrops(float[][] pilot, int width, float[][] sigmas, NoiseField[] noise, CropGeometry geometry) : ICropSource
{
    public int InputChannels => pilot.Length;

    public int Channels => pilot.Length;

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
                for (int c = 0; c < pilot.Length; c++)
                {
                    row[(x * pilot.Length) + c] = pilot[c][at] + (sigmas[c][at] * noise[c].At(noiseX, noiseY));
                    target[(((y * side) + x) * pilot.Length) + c] = pilot[c][at];
                }
            }
        }
    }
}
