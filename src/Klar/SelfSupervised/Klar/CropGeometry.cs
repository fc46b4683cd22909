using Klar.Networks;
using Klar.Noise;
using Klar.Numerics;

namespace Klar.SelfSupervised.Klar;

/// <summary>
/// Where crops lie: places and orientations in a picture, and places in a noise field, all functions of the crop's
/// number. Noise is laid like the picture, so that correlation along rows stays along the picture's rows.
/// </summary>
/// <param name="seed">The seed.</param>
/// <param name="width">The picture's samples in a row.</param>
/// <param name="height">Its rows.</param>
/// <param name="side">Side of a crop; where the picture is smaller it is mirrored.</param>
internal sealed class CropGeometry(ulong seed, int width, int height, int side)
{
    private readonly CounterRandom _noise = new(seed, RandomStream.Recorruption);
    private readonly Crops _crops = new(seed, width, height, side);

    /// <summary>Side of a crop.</summary>
    public int Side => side;

    /// <summary>A crop, and the place in the noise field of the picture's first sample.</summary>
    internal readonly record struct Crop(Crops.Crop Place, int NoiseX, int NoiseY);

    public Crop At(ulong number) => new(
        _crops.At(number),
        _noise.Below(NoiseField.Side, number, 100),
        _noise.Below(NoiseField.Side, number, 101));

    /// <summary>The picture's place, and the noise field's, of a crop's pixel.</summary>
    public (int X, int Y, int NoiseX, int NoiseY) Source(Crop crop, int x, int y)
    {
        (int fromX, int fromY) = crop.Place.Orientation.Source(x, y, side, side);
        (fromX, fromY) = (crop.Place.X + fromX, crop.Place.Y + fromY);
        return (
            BorderIndex.Mirror(fromX, width), BorderIndex.Mirror(fromY, height), crop.NoiseX + fromX,
            crop.NoiseY + fromY);
    }
}
