using NetVips;

namespace Klar.Formats;

/// <summary>What each format's writer is told, and which sample types it can hold.</summary>
internal static class SaveOptions
{
    /// <exception cref="BadImageFileException">The format is unknown or cannot hold samples of this type.</exception>
    public static VOption For(string path, SampleType type, bool alpha)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        bool eight = type == SampleType.UInt8;
        bool sixteen = eight || type == SampleType.UInt16;
        switch (extension)
        {
            case ".tif" or ".tiff" or ".zarr":
                return [];
            case ".png":
                Refuse(!sixteen, "PNG", type);
                return [];
            case ".jpg" or ".jpeg":
                Refuse(!eight, "JPEG", type);
                RefuseAlpha(alpha, "JPEG");
                return new VOption { { "Q", 95 }, { "subsample_mode", Enums.ForeignSubsample.Off } };
            case ".webp":
                Refuse(!eight, "WebP", type);
                return new VOption { { "lossless", true } };
            case "":
                throw new BadImageFileException(
                    $"the name '{Path.GetFileName(path)}' has no ending that says the format: "
                    + "use .tif, .ome.zarr, .png, .jpg or .webp, or / for a folder");
            default:
                throw new BadImageFileException(
                    $"cannot write '{extension}' files: use .tif, .ome.zarr, .png, .jpg or .webp");
        }
    }

    /// <summary>Whether the name is a TIFF file's.</summary>
    public static bool IsTiff(string path) => Path.GetExtension(path).ToLowerInvariant() is ".tif" or ".tiff";

    private static void Refuse(bool refused, string format, SampleType type)
    {
        if (refused)
        {
            throw new BadImageFileException(
                $"{format} cannot hold {type.ToString().ToLowerInvariant()} samples: write a TIFF file");
        }
    }

    private static void RefuseAlpha(bool alpha, string format)
    {
        if (alpha)
        {
            throw new BadImageFileException($"{format} cannot hold transparency: write a TIFF or PNG file");
        }
    }
}
