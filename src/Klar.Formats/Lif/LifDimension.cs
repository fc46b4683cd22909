using System.Xml.Linq;
using Klar.Formats.Containers;

namespace Klar.Formats.Lif;

/// <summary>A dimension of an image (DimensionDescription).</summary>
/// <param name="Id">What it is, by the numbers of the format.</param>
/// <param name="Count">Elements along it.</param>
/// <param name="Stride">Bytes from one element to the next (BytesInc).</param>
/// <param name="Step">The distance of elements: micrometres or seconds; null where it is not stated.</param>
internal sealed record LifDimension(int Id, int Count, long Stride, double? Step)
{
    public const int X = 1;
    public const int Y = 2;
    public const int Z = 3;
    public const int T = 4;
    public const int Lambda = 5;
    public const int Tile = 10;

    /// <summary>Of its element.</summary>
    public static LifDimension Of(XElement dimension)
    {
        int id = dimension.Integer("DimID", 0), count = dimension.Integer("NumberOfElements", 0);

        // Length is that from the middle of the first element to the middle of the last one.
        double? step = count > 1 ? dimension.Number("Length") / (count - 1) : null;
        double? unit = id == T ? 1 : Micrometres.In(dimension.Attribute("Unit")?.Value);
        return new LifDimension(id, count, (long)(dimension.Number("BytesInc") ?? -1), PixelSize.Usable(step * unit));
    }

    /// <summary>Whether it leads from page to page in another way than in space.</summary>
    public bool IsTimeOrLambda => Id is T or Lambda;

    /// <summary>Its name in a line.</summary>
    public string Name => Id switch
    {
        X => "x",
        Y => "y",
        Z => "z",
        T => "t",
        Lambda => "lambda",
        6 => "rotation",
        Tile => "tile",
        _ => $"dimension {Id}",
    };
}
