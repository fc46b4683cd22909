namespace Klar.Noise.Structured;

/// <summary>Which lines of a picture share an offset.</summary>
internal enum LineDirection
{
    /// <summary>Rows.</summary>
    Rows,

    /// <summary>Columns.</summary>
    Columns,
}
