namespace Klar;

/// <summary>How the noise's level varies over a page.</summary>
/// <param name="Relative">
/// The standard deviation at every pixel over the level that the method is given, above 0.
/// </param>
/// <param name="Width">Samples in a row.</param>
internal sealed record NoiseMap(float[] Relative, int Width)
{
    /// <summary>The map of a part of the page.</summary>
    public NoiseMap Crop(int left, int top, int width, int height)
    {
        float[] relative = new float[width * height];
        for (int y = 0; y < height; y++)
        {
            Relative.AsSpan(((top + y) * Width) + left, width).CopyTo(relative.AsSpan(y * width));
        }

        return new NoiseMap(relative, width);
    }

    /// <summary>The level of a whole patch: its middle's.</summary>
    public float OfPatch(int position, int side) => Relative[position + ((side / 2) * (Width + 1))];
}
