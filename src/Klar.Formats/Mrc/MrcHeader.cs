using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Klar.Formats.Containers;

namespace Klar.Formats.Mrc;

/// <summary>The header of an MRC file: 256 words of four bytes.</summary>
/// <remarks>
/// Cheng et al., MRC2014: Extensions to the MRC format header for electron cryo-microscopy and tomography, Journal of
/// Structural Biology 192(2), 2015, with the update of 2022 (mode 12); bytes without a sign as IMOD marks them.
/// <code>
/// word   field          word    field            word     field
/// 1-3    NX NY NZ       11-13   CELLA            39, 40   IMOD's stamp and flags
/// 4      MODE           17-19   MAPC MAPR MAPS   53       "MAP "
/// 8-10   MX MY MZ       23, 24  ISPG NSYMBT      54       MACHST
/// 27     EXTTYP         50-52   ORIGIN           57-256   LABEL
/// </code>
/// </remarks>
internal sealed record MrcHeader
{
    /// <summary>Bytes of the header.</summary>
    public const int Bytes = 1024;

    private const int ImodStamp = 0x444F4D49;
    private const int ImodSignedBytes = 1;
    private const int MaxMode = 101;
    private const int ImageStack = 0;
    private const int VolumeStack = 401;
    private const int ExtendedTypeAt = 104;
    private const int LabelsAt = 224;
    private const int Labels = 10;
    private const int LabelBytes = 80;

    private MrcHeader()
    {
    }

    /// <summary>Columns, rows and sections.</summary>
    public required (int Columns, int Rows, int Sections) Size { get; init; }

    /// <summary>How a sample is stored.</summary>
    public required int Mode { get; init; }

    /// <summary>Whether bytes have a sign.</summary>
    public required bool SignedBytes { get; init; }

    /// <summary>Whether numbers begin with their high byte.</summary>
    public required bool BigEndian { get; init; }

    /// <summary>Where the samples begin.</summary>
    public required long SamplesAt { get; init; }

    /// <summary>What the sections are.</summary>
    public required StackAxes Axes { get; init; }

    /// <summary>The distance of samples.</summary>
    public required PixelSize PixelSize { get; init; }

    /// <summary>The header's other fields: labels, origin, the kind of the extended header.</summary>
    public required IReadOnlyList<KeyValuePair<string, string>> Fields { get; init; }

    /// <summary>Bytes of the extended header.</summary>
    public long ExtendedBytes => SamplesAt - Bytes;

    /// <summary>The sample type in which the mode's values are read; null for modes that Klar does not read.</summary>
    public SampleType? Type => Mode switch
    {
        0 => SignedBytes ? SampleType.Int8 : SampleType.UInt8,
        1 => SampleType.Int16,
        2 or 12 => SampleType.Float32,
        6 => SampleType.UInt16,
        _ => null,
    };

    /// <summary>Bytes of a stored sample.</summary>
    public int SampleBytes => Mode switch { 0 => 1, 2 => 4, _ => 2 };

    /// <summary>Of a file's first bytes; null where they are not such a header.</summary>
    /// <param name="head">The bytes.</param>
    /// <param name="fileLength">Bytes of the file.</param>
    public static MrcHeader? Of(ReadOnlySpan<byte> head, long fileLength)
    {
        if (head.Length < Bytes)
        {
            return null;
        }

        bool stamped = head.Slice(208, 4).SequenceEqual("MAP "u8) || head.Slice(208, 4).SequenceEqual("MAP\0"u8);
        bool bigEndian = head[212] == 0x11
            || (head[212] != 0x44 && BinaryPrimitives.ReadUInt32LittleEndian(head[12..]) > MaxMode);
        MrcHeader header = Of(head, bigEndian);

        // Files from before the stamp are recognised by their length, which says the same as their header.
        return stamped || (header.Type is not null && header.FileBytes == fileLength) ? header : null;
    }

    /// <summary>Bytes of header and samples; negative where the header makes no sense.</summary>
    private long FileBytes
    {
        get
        {
            Int128 samples = (Int128)Size.Columns * Size.Rows * Size.Sections * SampleBytes;
            bool plausible = Size is { Columns: > 0, Rows: > 0, Sections: > 0 } && samples < long.MaxValue / 2;
            return plausible ? SamplesAt + (long)samples : -1;
        }
    }

    private static MrcHeader Of(ReadOnlySpan<byte> head, bool bigEndian)
    {
        int[] words = new int[Bytes / sizeof(int)];
        for (int i = 0; i < words.Length; i++)
        {
            ReadOnlySpan<byte> word = head.Slice(i * sizeof(int), sizeof(int));
            words[i] = bigEndian
                ? BinaryPrimitives.ReadInt32BigEndian(word)
                : BinaryPrimitives.ReadInt32LittleEndian(word);
        }

        int Word(int number) => words[number - 1];
        float Real(int number) => BitConverter.Int32BitsToSingle(Word(number));

        // The cell is given in ångström along x, y and z; MAPC, MAPR and MAPS say which of these columns, rows and
        // sections are.
        double? Distance(int map) => Word(map) is >= 1 and <= 3 and int axis && Word(7 + axis) > 0
            ? PixelSize.Usable(Real(10 + axis) / (double)Word(7 + axis) * 1e-4)
            : null;

        return new MrcHeader
        {
            Size = (Word(1), Word(2), Word(3)),
            Mode = Word(4),
            SignedBytes = Word(39) != ImodStamp || (Word(40) & ImodSignedBytes) != 0,
            BigEndian = bigEndian,
            SamplesAt = Bytes + (long)Math.Max(0, Word(24)),
            Axes = AxesOf(Word(3), Word(10), Word(23)),
            PixelSize = new PixelSize(Distance(17), Distance(18), Distance(19)),
            Fields = [.. FieldsOf(head, Real(50), Real(51), Real(52))],
        };
    }

    private static List<KeyValuePair<string, string>> FieldsOf(
        ReadOnlySpan<byte> head, params ReadOnlySpan<float> origin)
    {
        var fields = new List<KeyValuePair<string, string>>();
        void Add(string name, string value)
        {
            if (value.Trim('\0', ' ') is { Length: > 0 } text)
            {
                fields.Add(new(name, text));
            }
        }

        Add("EXTTYP", Encoding.Latin1.GetString(head.Slice(ExtendedTypeAt, sizeof(int))));
        Add("ORIGIN", string.Create(CultureInfo.InvariantCulture, $"{origin[0]:R} {origin[1]:R} {origin[2]:R}"));
        for (int i = 0; i < Labels; i++)
        {
            string label = Encoding.Latin1.GetString(head.Slice(LabelsAt + (i * LabelBytes), LabelBytes));
            Add(string.Create(CultureInfo.InvariantCulture, $"LABEL{i}"), label);
        }

        return fields;
    }

    /// <summary>Sections are the slices of one volume or of several, or images of which nothing is known.</summary>
    private static StackAxes AxesOf(int sections, int inVolume, int spaceGroup) => spaceGroup switch
    {
        ImageStack => StackAxes.Plain(Math.Max(1, sections), "mrc"),
        >= VolumeStack when inVolume > 0 && sections % inVolume == 0 =>
            StackAxes.Of("TZ", [sections / inVolume, inVolume], "MRC"),
        _ => StackAxes.Of("Z", [Math.Max(1, sections)], "MRC"),
    };
}
