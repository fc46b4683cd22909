using BitMiracle.LibTiff.Classic;
using NetVips;

namespace Klar.Formats;

/// <summary>TIFF files of 64-bit floats, which libvips 8.14 writes but does not read: read by LibTiff, strip by strip.</summary>
internal static class Float64Tiff
{
    /// <summary>The first page as an image of doubles; null where <paramref name="path"/> is no such file.</summary>
    public static NetVips.Image? Open(string path)
    {
        if (TiffTags.Of(path) is null)
        {
            return null;
        }

        using Tiff tiff = Tiff.Open(path, "r");
        int bits = Value(tiff, TiffTag.BITSPERSAMPLE, 1);
        bool real = Value(tiff, TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT) == (int)SampleFormat.IEEEFP;
        if (bits != 64 || !real || tiff.IsTiled())
        {
            return null;
        }

        (int width, int height) = (Value(tiff, TiffTag.IMAGEWIDTH, 0), Value(tiff, TiffTag.IMAGELENGTH, 0));
        int bands = Value(tiff, TiffTag.SAMPLESPERPIXEL, 1);
        bool planar = bands > 1 && Value(tiff, TiffTag.PLANARCONFIG, 1) == (int)PlanarConfig.SEPARATE;
        byte[] bytes = new byte[checked((long)width * height * bands * sizeof(double))];
        Read(tiff, bytes);
        NetVips.Image image = NetVips.Image.NewFromMemoryCopy(planar ? Interleaved(bytes, width * height, bands) : bytes, width, height, bands, Enums.BandFormat.Double);
        if (tiff.NumberOfDirectories() is > 1 and short pages)
        {
            image = image.Mutate(mutable => mutable.Set(GValue.GIntType, "n-pages", (int)pages));
        }

        return image.Mutate(mutable =>
        {
            mutable.Set(GValue.GStrType, "vips-loader", "tiffload");
            if (tiff.GetField(TiffTag.IMAGEDESCRIPTION) is { Length: > 0 } description)
            {
                mutable.Set(GValue.GStrType, "image-description", description[0].ToString());
            }
        });
    }

    private static void Read(Tiff tiff, byte[] to)
    {
        int at = 0;
        for (int strip = 0; strip < tiff.NumberOfStrips(); strip++)
        {
            int read = tiff.ReadEncodedStrip(strip, to, at, to.Length - at);
            if (read <= 0)
            {
                throw new BadImageFileException($"truncated TIFF (strip {strip + 1} of {tiff.NumberOfStrips()} is missing)");
            }

            at += read;
        }
    }

    private static byte[] Interleaved(byte[] planes, int pixels, int bands)
    {
        byte[] result = new byte[planes.Length];
        for (int b = 0; b < bands; b++)
        {
            for (int i = 0; i < pixels; i++)
            {
                Array.Copy(planes, ((b * pixels) + i) * sizeof(double), result, ((i * bands) + b) * sizeof(double), sizeof(double));
            }
        }

        return result;
    }

    private static int Value(Tiff tiff, TiffTag tag, int fallback) => tiff.GetField(tag) is { Length: > 0 } values ? values[0].ToInt() : fallback;
}
