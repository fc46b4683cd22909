using Klar.Formats.Containers;
using PureHDF;
using PureHDF.VOL.Native;

namespace Klar.Formats.Hdf5;

/// <summary>An HDF5 file: one of Imaris, or one whose datasets are images.</summary>
internal sealed class Hdf5File : IImageContainer
{
    private static readonly byte[] Signature = [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    // It stands at the beginning, or behind a block of another program's of a size that is a power of two.
    private const int MaxSignatureAt = 1 << 12;
    private const int FirstBlock = 512;

    private const int MinLargePage = 1 << 26;
    private const int MaxExpansion = 4096;

    private readonly NativeFile _file;
    private readonly IReadOnlyList<IHdf5Image> _images;

    private Hdf5File(string path)
    {
        _file = H5File.OpenRead(path);
        try
        {
            _images = ImsImage.Of(_file) is { } imaris ? [imaris] : DatasetImage.All(_file);
            Images = _images.Count > 0
                ? [.. _images.Select(static image => image.Contained)]
                : throw new BadImageFileException("it holds no dataset that is an image");
            RefuseTooLarge(FileName.LengthOf(path));
        }
        catch
        {
            _file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ContainedImage> Images { get; }

    /// <summary>Opens a file.</summary>
    /// <exception cref="BadImageFileException">It is damaged, or holds no image.</exception>
    public static Hdf5File Open(string path) => Sized(() => new Hdf5File(path));

    /// <summary>Whether a file is one of HDF5.</summary>
    public static bool Is(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] found = new byte[Signature.Length];
        for (int at = 0; at <= MaxSignatureAt; at = at == 0 ? FirstBlock : 2 * at)
        {
            file.Position = at;
            if (file.ReadAtLeast(found, found.Length, throwOnEndOfStream: false) < found.Length)
            {
                return false;
            }

            if (found.AsSpan().SequenceEqual(Signature))
            {
                return true;
            }
        }

        return false;
    }

    /// <inheritdoc/>
    public RawSamples Read(int image, int page, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Sized(() => _images[image].Read(page));
    }

    /// <summary>What is missing is the fill value, but a page is hardly that much larger than its file.</summary>
    private void RefuseTooLarge(long fileBytes)
    {
        foreach (ContainedImage image in Images)
        {
            Int128 page = (Int128)image.Info.Width * image.Info.Height * ImageFile.SizeOf(image.Info.SampleType);
            if (page > MinLargePage + (MaxExpansion * (Int128)fileBytes))
            {
                throw new BadImageFileException("damaged: its sizes make no sense");
            }
        }
    }

    /// <summary>Runs what reads a file. PureHDF believes sizes, and .NET refuses arrays of such.</summary>
    private static T Sized<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (OutOfMemoryException failure) when (failure.Message.Contains("dimensions", StringComparison.Ordinal))
        {
            throw new BadImageFileException("damaged: its sizes make no sense", failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
