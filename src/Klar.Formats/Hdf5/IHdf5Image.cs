using Klar.Formats.Containers;

namespace Klar.Formats.Hdf5;

/// <summary>An image in an HDF5 file.</summary>
internal interface IHdf5Image
{
    /// <summary>What it is.</summary>
    ContainedImage Contained { get; }

    /// <summary>A page's samples.</summary>
    RawSamples Read(int page);
}
