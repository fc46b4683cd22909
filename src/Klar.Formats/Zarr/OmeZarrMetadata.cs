using System.Text.Json.Nodes;
using Klar.Formats.Containers;

namespace Klar.Formats.Zarr;

/// <summary>What a folder of OME-Zarr says about its image.</summary>
/// <remarks>OME-NGFF 0.4 and 0.5, https://ngff.openmicroscopy.org: "multiscales" and "omero".</remarks>
/// <param name="image">The image.</param>
/// <param name="colours">Channels that a page has.</param>
/// <param name="sizes">Columns and rows of each level.</param>
internal sealed class OmeZarrMetadata(ContainedImage image, int colours, IReadOnlyList<(int Width, int Height)> sizes)
{
    // Colours that are told apart by everybody, for channels whose file names none.
    private static readonly string[] Usual = ["00FF00", "FF00FF", "00FFFF", "FFFF00", "FF0000", "0000FF"];
    private static readonly string[] Rgb = ["FF0000", "00FF00", "0000FF", "FFFFFF"];

    /// <summary>Writes it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="version">The version of OME-Zarr.</param>
    /// <param name="ranges">The least and the greatest value of each channel.</param>
    /// <param name="note">What was done, a line.</param>
    public void Write(
        string folder, OmeZarrVersion version, IReadOnlyList<(double Least, double Most)> ranges, string note)
    {
        var attributes = new JsonObject
        {
            ["multiscales"] = new JsonArray(Multiscales(version, note)),
            ["omero"] = Omero(version, ranges),
        };
        if (version == OmeZarrVersion.V04)
        {
            Write(folder, ZarrVersion2.GroupFile, new JsonObject { ["zarr_format"] = 2 });
            Write(folder, ZarrVersion2.AttributesFile, attributes);
            return;
        }

        attributes["version"] = "0.5";
        Write(folder, ZarrVersion3.File, new JsonObject
        {
            ["zarr_format"] = 3,
            ["node_type"] = "group",
            ["attributes"] = new JsonObject { ["ome"] = attributes },
        });
    }

    private static void Write(string folder, string name, JsonObject metadata) =>
        File.WriteAllText(Path.Combine(folder, name), metadata.ToJsonString());

    private JsonObject Multiscales(OmeZarrVersion version, string note)
    {
        var scales = new JsonObject
        {
            ["name"] = image.Name,
            ["axes"] = new JsonArray(
                Axis("t", "time", image.FrameSeconds is null ? null : "second"),
                Axis("c", "channel", null),
                Axis("z", "space", UnitOf(image.PixelSize.Z)),
                Axis("y", "space", UnitOf(image.PixelSize.Y ?? image.PixelSize.X)),
                Axis("x", "space", UnitOf(image.PixelSize.X))),
            ["datasets"] = new JsonArray([.. sizes.Select((size, i) => (JsonNode)Dataset(size, i))]),
            ["type"] = "mean",
            ["metadata"] = new JsonObject { ["description"] = note },
        };
        if (version == OmeZarrVersion.V04)
        {
            scales["version"] = "0.4";
        }

        return scales;
    }

    private static JsonObject Axis(string name, string type, string? unit)
    {
        var axis = new JsonObject { ["name"] = name, ["type"] = type };
        if (unit is not null)
        {
            axis["unit"] = unit;
        }

        return axis;
    }

    private static string? UnitOf(double? micrometres) => micrometres is null ? null : "micrometer";

    private JsonObject Dataset((int Width, int Height) size, int level)
    {
        double across = (double)sizes[0].Width / size.Width, down = (double)sizes[0].Height / size.Height;
        double[] scale =
        [
            image.FrameSeconds ?? 1, 1, image.PixelSize.Z ?? 1,
            (image.PixelSize.Y ?? image.PixelSize.X ?? 1) * down, (image.PixelSize.X ?? 1) * across,
        ];
        return new JsonObject
        {
            ["path"] = ZarrLevel.NameOf(level),
            ["coordinateTransformations"] = new JsonArray(new JsonObject
            {
                ["type"] = "scale",
                ["scale"] = new JsonArray([.. scale.Select(static factor => (JsonNode)factor)]),
            }),
        };
    }

    private JsonObject Omero(OmeZarrVersion version, IReadOnlyList<(double Least, double Most)> ranges)
    {
        var omero = new JsonObject
        {
            ["name"] = image.Name,
            ["channels"] = new JsonArray([.. ranges.Select((range, c) => (JsonNode)Channel(c, range))]),
            ["rdefs"] = new JsonObject { ["model"] = ranges.Count > 1 ? "color" : "greyscale" },
        };
        if (version == OmeZarrVersion.V04)
        {
            omero["version"] = "0.4";
        }

        return omero;
    }

    private JsonObject Channel(int number, (double Least, double Most) range)
    {
        (int c, int colour) = Math.DivRem(number, colours);
        ImageChannel? channel = image.Channels.ElementAtOrDefault(c);
        string shown = channel?.Colour is var (red, green, blue) ? $"{red:X2}{green:X2}{blue:X2}"
            : colours > 1 ? Rgb[Math.Min(colour, Rgb.Length - 1)]
            : image.Axes.SizeOf('C') > 1 ? Usual[c % Usual.Length]
            : "FFFFFF";
        (double least, double most) = range.Least <= range.Most ? range : (0, 1);
        var document = new JsonObject
        {
            ["color"] = shown,
            ["active"] = true,
            ["coefficient"] = 1,
            ["family"] = "linear",
            ["inverted"] = false,
            ["window"] = new JsonObject { ["start"] = least, ["end"] = most, ["min"] = least, ["max"] = most },
        };
        if (channel?.Name is not null || colours > 1)
        {
            string?[] words = [channel?.Name, colours > 1 ? Colour(colour) : null];
            document["label"] = string.Join(' ', words.OfType<string>());
        }

        return document;
    }

    private static string Colour(int number) => number switch { 0 => "red", 1 => "green", 2 => "blue", _ => "alpha" };
}
