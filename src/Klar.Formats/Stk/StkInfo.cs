using System.Text;
using Klar.Formats.Containers;

namespace Klar.Formats.Stk;

/// <summary>What MetaMorph writes about the planes of a stack into private tags of its TIFF file.</summary>
/// <remarks>
/// MetaMorph Stack (STK) image file format. UIC1Tag (33628) has pairs of a number and a value; 4 and 5 are the pixel
/// size, 6 its unit, 7 a name, all by their place. UIC2Tag (33629) has six numbers for each plane: the distance of
/// planes (numerator, denominator), day and millisecond of its making, and of its change. UIC3Tag (33630) has the
/// wavelength of each.
/// </remarks>
internal sealed class StkInfo
{
    /// <summary>The tag whose count is that of the planes.</summary>
    public const int PlanesTag = 33629;

    private const int PairsTag = 33628;
    private const int WavelengthsTag = 33630;
    private const int WordsOfPlane = 6;
    private const int MaxPlanes = 1 << 20;
    private const int MaxPairs = 1 << 10;
    private const int MaxText = 1 << 12;
    private const int XCalibration = 4;
    private const int YCalibration = 5;
    private const int CalibrationUnits = 6;
    private const int Name = 7;

    // Days are counted from a noon in the year 4713 before Christ.
    private const long JulianDayOfYearOne = 1_721_426;
    private const long MaxDay = 5_373_484;

    private readonly FileStream _file;
    private readonly TiffHeader.Entry[] _tags;
    private readonly ulong[] _words;

    /// <param name="file">The file.</param>
    /// <param name="tags">The tags of its directory.</param>
    /// <exception cref="BadImageFileException">It is damaged.</exception>
    public StkInfo(FileStream file, TiffHeader.Entry[] tags)
    {
        (_file, _tags) = (file, tags);
        TiffHeader.Entry planes = Array.Find(tags, static tag => tag.Tag == PlanesTag);
        if (planes.Count is 0 or > MaxPlanes)
        {
            throw new BadImageFileException($"damaged: it would have {planes.Count} planes");
        }

        Planes = (int)planes.Count;
        _words = TiffHeader.LongsAt(file, planes, WordsOfPlane * Planes);
        Dictionary<ulong, long> pairs = Pairs();
        double? unit = pairs.TryGetValue(CalibrationUnits, out long unitAt) ? Micrometres.In(TextAt(unitAt)) : null;
        double? Calibration(ulong number) =>
            pairs.TryGetValue(number, out long at) ? PixelSize.Usable(RationalAt(at) * unit) : null;
        Title = pairs.TryGetValue(Name, out long nameAt) ? TextAt(nameAt) : string.Empty;
        PixelSize = new PixelSize(
            Calibration(XCalibration), Calibration(YCalibration), PixelSize.Usable(Distance * unit));
    }

    /// <summary>Planes of the stack.</summary>
    public int Planes { get; }

    /// <summary>Its name; empty for none.</summary>
    public string Title { get; }

    /// <summary>The distances of samples.</summary>
    public PixelSize PixelSize { get; }

    /// <summary>Whether planes lie above each other, and do not follow each other in time.</summary>
    public bool HasDepth => Distance is not 0;

    /// <summary>When each plane was made; empty where it is not stated.</summary>
    public DateTime[] Times
    {
        get
        {
            var times = new DateTime[Planes];
            for (int i = 0; i < Planes; i++)
            {
                (ulong day, ulong millisecond) = (Word(i, 2), Word(i, 3));
                if (day is < JulianDayOfYearOne or > MaxDay || millisecond >= 86_400_000)
                {
                    return [];
                }

                times[i] = DateTime.MinValue.AddDays((long)day - JulianDayOfYearOne).AddMilliseconds(millisecond);
            }

            return times;
        }
    }

    /// <summary>The wavelength of the first plane in nanometres; null where it is not stated.</summary>
    public double? Wavelength =>
        Array.Find(_tags, static tag => tag.Tag == WavelengthsTag) is { Tag: WavelengthsTag, Count: > 0 } tag
        && TiffHeader.LongsAt(_file, tag, 2) is [var nanometres, > 0 and var divisor]
            ? PixelSize.Usable((double)nanometres / divisor)
            : null;

    /// <summary>The distance from plane to plane, in the unit of the pixel size; 0 for a series in time.</summary>
    private double Distance =>
        Enumerable.Range(0, Planes).Select(i => Word(i, 1) == 0 ? 0 : (double)Word(i, 0) / Word(i, 1)).Max();

    private ulong Word(int plane, int number) => _words[(plane * WordsOfPlane) + number];

    private Dictionary<ulong, long> Pairs()
    {
        TiffHeader.Entry tag = Array.Find(_tags, static tag => tag.Tag == PairsTag);
        int count = (int)Math.Min(tag.Count, MaxPairs);
        ulong[] words = count == 0 ? [] : TiffHeader.LongsAt(_file, tag, 2 * count);
        var pairs = new Dictionary<ulong, long>();
        for (int i = 0; i < count; i++)
        {
            pairs.TryAdd(words[2 * i], (long)words[(2 * i) + 1]);
        }

        return pairs;
    }

    private double? RationalAt(long at) =>
        TiffHeader.LongsAt(_file, at, 2) is [var numerator, > 0 and var denominator]
            ? (double)numerator / denominator
            : null;

    private string TextAt(long at)
    {
        int length = (int)Math.Min(TiffHeader.LongsAt(_file, at, 1)[0], MaxText);
        byte[] text = new byte[length];
        _file.ReadExactly(text);
        return Encoding.Latin1.GetString(text).TrimEnd('\0', ' ');
    }
}
