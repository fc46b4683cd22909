namespace Klar.Networks;

/// <summary>
/// The features of a crop, [row][column][padded channel], with a border of one pixel that stays zero: the padding of
/// a 3 × 3 convolution, for values and for gradients. Padded channels stay zero too.
/// </summary>
internal sealed class FeatureMap
{
    private const int Border = 1;

    public FeatureMap(int channels, int width, int height)
    {
        (Channels, Width, Height) = (channels, width, height);
        Stride = (channels + ConvolutionLayer.Lanes - 1) / ConvolutionLayer.Lanes * ConvolutionLayer.Lanes;
        RowStride = (width + (2 * Border)) * Stride;
        Values = new float[RowStride * (height + (2 * Border))];
    }

    public int Channels { get; }

    public int Width { get; }

    public int Height { get; }

    /// <summary>Numbers from one pixel to the next.</summary>
    public int Stride { get; }

    /// <summary>Numbers from one row to the next.</summary>
    public int RowStride { get; }

    /// <summary>The map with its border.</summary>
    public float[] Values { get; }

    /// <summary>Where the map and its border lie, when the first pixel is (0, 0).</summary>
    public Region Bordered => new Region(0, 0, Width, Height).Grown(Border);

    /// <summary>From the first pixel on; rows are <see cref="RowStride"/> apart.</summary>
    public Span<float> Inner => Values.AsSpan(Border * (RowStride + Stride));

    public Span<float> Row(int y) => Values.AsSpan(((y + Border) * RowStride) + (Border * Stride), Width * Stride);

    /// <summary>Adds the values of a map of the same shape.</summary>
    public void Add(FeatureMap other) => Numerics.Pixelwise.Add(other.Values, Values);

    /// <summary>A map of the same shape, all zero.</summary>
    public FeatureMap SameShape() => new(Channels, Width, Height);
}
