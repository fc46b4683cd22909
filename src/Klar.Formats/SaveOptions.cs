using NetVips;

namespace Klar.Formats;

/// <summary>What each format's writer is told, and which sample types it can hold.</summary>
internal static class SaveOptions
{
    /// <exception cref="BadImageFileException">The format is unknown or cannot hold samples of this type.</exception>
    public static VOption For(string path, SampleType type, Metadata? metadata)
    {
        string extension = Path.GetExtension(path).ToLowerInvariant();
        var options = new VOption();
        switch (extension)
        {
            case ".tif" or ".tiff":
                if (metadata?.ResolutionUnit is "in")
                {
                    options.Add("resunit", Enums.ForeignTiffResunit.Inch);
                }

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

    private static void Refuse(bool refused, string format, SampleType type)
    {
        if (refused)
        {
            throw new BadImageFileException($"{format} cannot hold {type.ToString().ToLowerInvariant()} samples: write a TIFF file");
        }
    }
}
