using NetVips;

namespace Klar.Formats;

/// <summary>What each format's writer is told, and which sample types it can hold.</summary>
internal static class SaveOptions
{
    /// <exception cref="BadImageFileException">The format is unknown or cannot hold samples of this type.</exception>
    public static VOption For(string path, SampleType type)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        var options = new VOption();
        switch (extension)
        {
            case ".tif" or ".tiff":
                break;
            case ".png":
                Refuse(type is not (SampleType.UInt8 or SampleType.UInt16), "PNG", type);
                break;
            default:
                throw new BadImageFileException(
                    $"cannot write '{extension}' files: use .tif or .png");
        }

        return options;
    }

    /// <summary>Whether the name is a TIFF file's.</summary>
    public static bool IsTiff(string path) => Path.GetExtension(path).ToLowerInvariant() is ".tif" or ".tiff";

    private static void Refuse(bool refused, string format, SampleType type)
    {
        if (refused)
        {
            throw new BadImageFileException($"{format} cannot hold {type.ToString().ToLowerInvariant()} samples: write a TIFF file");
        }
    }
}
