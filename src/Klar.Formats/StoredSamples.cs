using BitMiracle.LibTiff.Classic;

namespace Klar.Formats;

/// <summary>How a TIFF page stores a sample, and as what it is read.</summary>
/// <param name="Bits">Bits of a sample.</param>
/// <param name="Format">Whether they are whole numbers, floats or complex.</param>
internal readonly record struct StoredSamples(int Bits, SampleFormat Format)
{
    /// <summary>Of the page that <paramref name="tiff"/> stands at.</summary>
    public static StoredSamples Of(Tiff tiff) => new(
        TiffTags.Number(tiff, TiffTag.BITSPERSAMPLE, 1),
        (SampleFormat)TiffTags.Number(tiff, TiffTag.SAMPLEFORMAT, (int)SampleFormat.UINT));

    /// <summary>The type that holds all of their values; null for those that Klar does not read.</summary>
    public SampleType? Type => (Bits, Format) switch
    {
        ( >= 1 and <= 8, SampleFormat.UINT or SampleFormat.VOID) => SampleType.UInt8,
        (8, SampleFormat.INT) => SampleType.Int8,
        ( >= 9 and <= 16, SampleFormat.UINT or SampleFormat.VOID) => SampleType.UInt16,
        (16, SampleFormat.INT) => SampleType.Int16,
        (16, SampleFormat.IEEEFP) => SampleType.Float32,
        (32, SampleFormat.UINT or SampleFormat.VOID) => SampleType.UInt32,
        (32, SampleFormat.INT) => SampleType.Int32,
        (32, SampleFormat.IEEEFP) => SampleType.Float32,
        (64, SampleFormat.IEEEFP) => SampleType.Float64,
        _ => null,
    };

    /// <summary>Whether they are packed without regard to bytes.</summary>
    public bool ArePacked => PackedSamples.Are(Bits);

    /// <summary>Whether they are floats of 16 bits.</summary>
    public bool AreHalves => Bits == 16 && Format == SampleFormat.IEEEFP;

    /// <summary>In a user's words.</summary>
    public string Words => Format switch
    {
        SampleFormat.COMPLEXIEEEFP or SampleFormat.COMPLEXINT => $"complex numbers of {Bits} bits",
        SampleFormat.IEEEFP => $"floating-point numbers of {Bits} bits",
        SampleFormat.INT => $"signed whole numbers of {Bits} bits",
        _ => $"whole numbers of {Bits} bits",
    };

    /// <summary>What Klar does not read, and what to do about it, in a line; null where it reads them.</summary>
    public string? Refusal => Type is not null ? null : Format switch
    {
        SampleFormat.COMPLEXIEEEFP or SampleFormat.COMPLEXINT =>
            $"its samples are {Words}, which Klar does not read: save real and imaginary part, or magnitude and phase, "
            + "as files of their own",
        _ => $"its samples are {Words}, which Klar does not read: convert it to 16 or 32 bits, or to 32-bit floats",
    };

    /// <summary>How they are written instead, in a line; null where they are written as they were.</summary>
    public string? Change => this switch
    {
        { AreHalves: true } => $"its {Words} are written as those of 32 bits, which have the same values",
        { ArePacked: true, Bits: 1 } =>
            "its samples have 1 bit: they are written as 8 bits (0 to 255) unless only black and white are left",
        { ArePacked: true, Bits: < 8 } =>
            $"its samples have {Bits} bits: they are written as 8 bits, stretched to 0 to 255",
        { ArePacked: true } => $"its samples have {Bits} bits: they are written as 16 bits, with the same values",
        _ => null,
    };
}
