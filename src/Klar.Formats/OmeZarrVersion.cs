namespace Klar.Formats;

/// <summary>Versions of OME-Zarr that are written.</summary>
public enum OmeZarrVersion
{
    /// <summary>0.4, on Zarr version 2.</summary>
    V04,

    /// <summary>0.5, on Zarr version 3.</summary>
    V05,
}
