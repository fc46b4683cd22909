using Klar.Formats.Czi;
using Klar.Formats.Hdf5;
using Klar.Formats.Lif;
using Klar.Formats.Mrc;
using Klar.Formats.OmeSets;
using Klar.Formats.Zarr;

namespace Klar.Formats.Containers;

/// <summary>The file formats of microscopes, which a file's first bytes identify.</summary>
internal static class ImageContainers
{
    // MRC has the longest header.
    private const int Head = MrcHeader.Bytes;

    /// <summary>Whether a name is one that such files have.</summary>
    public static bool HasName(string file) =>
        FileFormats.OfMicroscopes.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)
        || file.EndsWith(OmeSet.Companion, StringComparison.OrdinalIgnoreCase)
        || FileName.Extension(file).EndsWith(".zarr.zip", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a folder is an image, and not a folder of images.</summary>
    public static bool IsImageFolder(string path) => OmeZarrHierarchy.Is(path);

    /// <summary>The first file of the OME-TIFF set that a file belongs to; null where it is whole by itself.</summary>
    public static string? FirstOfSet(string path) => TiffContainers.FirstOfSet(path);

    /// <summary>Opens a file; null where it is of none of these formats.</summary>
    /// <exception cref="BadImageFileException">It is damaged; the message says why in one line.</exception>
    public static IImageContainer? Open(string path)
    {
        if (Directory.Exists(path))
        {
            return Guarded("Zarr", () => OmeZarrHierarchy.Of(new ZarrFolder(path)));
        }

        if (TiffContainers.Open(path) is { } tiff)
        {
            return tiff;
        }

        if (path.EndsWith(OmeSet.Companion, StringComparison.OrdinalIgnoreCase))
        {
            return Guarded("OME-XML", () => OmeSet.OfCompanion(path));
        }

        if (IsZip(path))
        {
            return Guarded("Zarr", () => OmeZarrHierarchy.Of(new ZarrZip(path)));
        }

        if (Hdf5File.Is(path))
        {
            return Guarded("HDF5", () => Hdf5File.Open(path));
        }

        var file = new FileBytes(path);
        IImageContainer? container = null;
        try
        {
            container = Of(file);
            return container;
        }
        finally
        {
            if (container is null)
            {
                file.Dispose();
            }
        }
    }

    /// <summary>Runs what reads a file. What its content makes go wrong is damage.</summary>
    public static T Guarded<T>(string format, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (BadImageFileException failure)
        {
            bool named = failure.Message.StartsWith(format, StringComparison.Ordinal);
            throw new BadImageFileException(named ? failure.Message : $"{format}: {failure.Message}", failure);
        }
        catch (Exception failure) when (failure is EndOfStreamException
            || failure is not (IOException or UnauthorizedAccessException or OutOfMemoryException
                or OperationCanceledException))
        {
            throw new BadImageFileException($"{format}: damaged, it cannot be read", failure);
        }
    }

    private static bool IsZip(string path)
    {
        Span<byte> head = stackalloc byte[4];
        using FileStream file = File.OpenRead(path);
        return ZarrZip.Begins(head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)]);
    }

    private static IImageContainer? Of(FileBytes file)
    {
        byte[] head = file.Read(0, Math.Min(Head, file.Length));
        if (CziSegments.Begin(head))
        {
            return Guarded("CZI", () => new CziFile(file));
        }

        if (LifBlocks.Begin(head))
        {
            return Guarded("LIF", () => new LifFile(file));
        }

        return MrcHeader.Of(head, file.Length) is { } mrc
            ? Guarded<IImageContainer>("MRC", () => new MrcFile(file, mrc))
            : null;
    }
}
