namespace Klar.Formats.Czi;

/// <summary>How a sub-block stores a pixel, by the numbers of the specification.</summary>
internal enum CziPixelType
{
    Gray8 = 0,
    Gray16 = 1,
    Gray32Float = 2,
    Bgr24 = 3,
    Bgr48 = 4,
    Bgr96Float = 8,
    Bgra32 = 9,
    Gray64ComplexFloat = 10,
    Bgr192ComplexFloat = 11,
    Gray32 = 12,
    Gray64Float = 13,
}

/// <summary>How a sub-block's pixels are compressed, by the numbers of the specification.</summary>
internal enum CziCompression
{
    None = 0,
    Jpeg = 1,
    Lzw = 2,
    JpegXr = 4,
    Zstd0 = 5,
    Zstd1 = 6,
}
