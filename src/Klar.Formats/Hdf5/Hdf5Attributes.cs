using Klar.Formats.Containers;
using PureHDF;

namespace Klar.Formats.Hdf5;

/// <summary>Attributes of groups and datasets.</summary>
internal static class Hdf5Attributes
{
    /// <summary>A text, also one that is stored letter by letter as Imaris does; null where there is none.</summary>
    public static string? Text(this IH5Object of, string name) => of.Texts(name) is { Length: > 0 } texts
        ? string.Concat(texts).TrimEnd('\0', ' ')
        : null;

    /// <summary>Texts; none where there are none.</summary>
    public static string[] Texts(this IH5Object of, string name)
    {
        if (!of.AttributeExists(name) || of.Attribute(name) is not { } attribute || attribute.Type.Class
            is not (H5DataTypeClass.String or H5DataTypeClass.VariableLength))
        {
            return [];
        }

        return attribute.Space.Rank == 0 ? [attribute.Read<string>()] : attribute.Read<string[]>();
    }

    /// <summary>A text's number; null where it is none.</summary>
    public static double? TextNumber(this IH5Object of, string name) => HeaderXml.Number(of.Text(name));

    /// <summary>Numbers; none where there are none.</summary>
    public static double[] Numbers(this IH5Object of, string name)
    {
        if (!of.AttributeExists(name) || of.Attribute(name) is not { Space.Rank: 1 } attribute)
        {
            return [];
        }

        return (attribute.Type.Class, attribute.Type.Size) switch
        {
            (H5DataTypeClass.FloatingPoint, 8) => attribute.Read<double[]>(),
            (H5DataTypeClass.FloatingPoint, 4) => [.. attribute.Read<float[]>().Select(static one => (double)one)],
            (H5DataTypeClass.FixedPoint, 8) => [.. attribute.Read<long[]>().Select(static one => (double)one)],
            (H5DataTypeClass.FixedPoint, 4) => [.. attribute.Read<int[]>().Select(static one => (double)one)],
            _ => [],
        };
    }
}
