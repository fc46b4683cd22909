namespace Klar.Formats;

/// <summary>The file formats that Klar knows; docs/formats.md has them as a table.</summary>
internal static class FileFormats
{
    private const string OmeTiff = "OME-TIFF";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FileFormat> All { get; } =
    [
        new(
            "TIFF, ImageJ and OME-TIFF",
            [".tif", ".tiff"],
            "classic and BigTIFF, strips and tiles, planar and interleaved; uncompressed, LZW, deflate, "
            + "Zstandard, PackBits, CCITT, JPEG, WebP; 1 to 16 bits, 32 bits whole, 16, 32 and 64 bits float; "
            + "hyperstacks; sets of OME-TIFF files as one image, from any of them or their companion; slides of "
            + "Aperio (the first page)",
            "the same layout: byte order, BigTIFF, strips or tiles, compression where it loses nothing (else "
            + "deflate), pyramids made anew; `--compression none, deflate, zstd` and `--pyramid` (tiles of 512 x "
            + "512, sides halved) change it; of a set one OME-TIFF file",
            "samples, tags, description, resolution, colour profile, look-up tables, what ImageJ knows of "
            + "pages, OME-XML",
            "offsets into the file (EXIF, GPS), thumbnails and labels of slides, compression and tiles of "
            + "sets. Refused: LZMA, LERC and JPEG 2000 in TIFF, complex numbers, whole numbers of 64 bits")
        {
            IsOfMicroscopes = false,
        },
        new(
            "PNG, JPEG, WebP",
            [".png", ".jpg", ".jpeg", ".webp"],
            "8 bits; PNG 16 bits too",
            "their own format; JPEG at quality 95",
            "samples, resolution, colour profile",
            "what the format does not hold is refused: 16 bits in JPEG and WebP, floats, several pages")
        {
            IsOfMicroscopes = false,
        },
        new(
            "CZI",
            [".czi"],
            "every scene as an image, every view, phase, illumination, rotation and block of it too; T, Z, C "
            + "as pages; tiles put together, those with a greater M over the others, black where none lies; 8- "
            + "and 16-bit gray, 32- and 64-bit floats, BGR of 8, 16 and 32 bits, BGRA; uncompressed, Zstd (both "
            + "kinds), JPEG",
            OmeTiff,
            "samples, pixel sizes, time interval, date, names of scenes; names, dyes, colours, wavelengths and "
            + "exposure of channels; objective; all of its XML as an annotation",
            "pyramids, attachments, times and stage positions of single tiles. Refused: JPEG XR, LZW, cameras' "
            + "own compressions, complex numbers, channels of different types in one image, files of a set"),
        new(
            "LIF",
            [".lif"],
            "versions 1 and 2; every image of the file; dimensions by their own strides: the first two of the "
            + "scan are a page (xy, xz, xt), then T, the third dimension in space as Z, lambda and channels as "
            + "C; tiles and rotations as images of their own; 1 to 16 bits, 32 bits whole and float, 64 bits "
            + "float; a camera's red, green and blue as colours",
            OmeTiff,
            "samples (12 bits as 16), names of images, distances along each axis, time interval, look-up "
            + "tables as names and colours of channels, objective, the image's XML as an annotation",
            "time stamps of pages. Refused: channels of different types in one image, a file whose images are "
            + "not whole"),
        new(
            "OME-Zarr",
            [".zarr"],
            "0.4 (and earlier with the same layout) on Zarr version 2 and 0.5 on version 3, as a folder or a "
            + "zip file (`.zarr.zip`): the first array of its multiscales; plates and numbered series as several "
            + "images; axes t, c, z with y, x last; 8, 16, 32 bits whole, 32 and 64 bits float; both byte "
            + "orders, any order of elements; uncompressed, gzip, zlib, zstd, lz4, Blosc (lz4, zstd, zlib; bytes "
            + "or bits shuffled), CRC-32C; shards; missing chunks are the fill value",
            "OME-Zarr by the output's name (`-o x.ome.zarr`), 0.4 or 0.5 (`--ome-zarr`; its own, else 0.4), "
            + "chunks of 512 x 512, Zstandard (`--compression`), sides halved until one chunk holds them; any "
            + "input can become it",
            "samples, pixel sizes, time interval, names and colours of channels",
            "labels, all other attributes; red, green and blue of a picture become channels. Refused: filters, "
            + "Blosc with BloscLz or Snappy, other codecs, shards within shards"),
        new(
            "Imaris (IMS)",
            [".ims"],
            "version 5.5 on HDF5: the first resolution, T, C, Z; 8, 16, 32 bits whole, 32 bits float; deflate",
            OmeTiff,
            "samples, pixel sizes, time from the first to the last frame, date, name; names, colours and "
            + "wavelengths of channels",
            "smaller copies, objects and statistics, all other attributes"),
        new(
            "HDF5",
            [".h5", ".hdf5"],
            "every dataset of numbers in two or more dimensions as an image (`--dataset PATH`, `--scene N`); "
            + "the last two dimensions are a page, the others t, c, z where DIMENSION_LABELS say so; 8, 16, 32 "
            + "bits whole, 32 and 64 bits float, both byte orders; deflate, shuffle, scale-offset",
            OmeTiff,
            "samples, element_size_um",
            "all other attributes. Refused: SZIP, LZF and other filters, compound numbers"),
        new(
            "MRC",
            [".mrc", ".mrcs", ".rec"],
            "modes 0 (with IMOD's mark for bytes without sign), 1, 2, 6, 12; both byte orders; files from "
            + "before the stamp by their length; ISPG: volume (Z), volumes (T, Z), images (I: nothing says what "
            + "they are, T in the result)",
            OmeTiff,
            "samples (mode 12 as 32-bit floats), pixel size along x, y and z; origin, labels and extended "
            + "header (up to 16 MB) as an annotation",
            "rows stay in the file's order. Refused: modes 3, 4 (complex), 16 (colours), 101 (4 bits)"),
        new(
            "LSM",
            [".lsm"],
            "Zeiss' confocals: T, Z, and the channels of each directory; 8, 16 bits, 32 bits float; "
            + "uncompressed, LZW",
            OmeTiff,
            "samples, voxel sizes, time interval and time stamps, names and colours of channels",
            "scan settings, events, regions, thumbnails"),
        new(
            "STK",
            [".stk"],
            "MetaMorph: planes as Z where they have a distance, else as T; 8, 16 bits; uncompressed",
            OmeTiff,
            "samples, pixel size, distance of planes, date and time of each, name, wavelength of the first",
            "other properties of planes. Refused: compressed or coloured planes"),
    ];

    /// <summary>Endings of files of microscopes.</summary>
    public static IReadOnlyList<string> OfMicroscopes { get; } =
        [.. All.Where(static format => format.IsOfMicroscopes).SelectMany(static format => format.Extensions)];

    /// <summary>Endings of other images.</summary>
    public static IReadOnlyList<string> Others { get; } =
        [.. All.Where(static format => !format.IsOfMicroscopes).SelectMany(static format => format.Extensions)];
}
