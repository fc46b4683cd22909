using System.Globalization;
using Klar.Catalogue;

namespace Klar.Formats.Denoising;

/// <summary>
/// How much memory a page will take, and in what tiles it is denoised where that is more than it may.
/// </summary>
/// <param name="Bytes">The estimate, of the whole program.</param>
/// <param name="TileSide">Side of a tile without its surroundings; null where the page is taken whole.</param>
/// <param name="Threads">Threads that fit: of a network that takes memory for each, fewer where they would not.</param>
internal sealed record MemoryPlan(long Bytes, int? TileSide, int Threads)
{
    /// <summary>
    /// Pixels around a tile: BM3D's two steps reach 67; what LIChI and networks see beyond is worth nothing.
    /// </summary>
    public const int Margin = 80;

    /// <summary>Pixels to each side of a border over which tiles fade into each other.</summary>
    public const int Blend = 16;

    // Measured on 2048 x 2048 (docs/cli.md): the program itself, and a page's samples as they are read, denoised and
    // written. What a method takes for each is the method's to say.
    private const long Program = 120L << 20;
    private const int OfPage = 24;

    // Decoded pages that are kept, whatever memory there is: long stacks take no more than short ones.
    private const long MaxKept = 48L << 20;

    // Patches lie on grids of steps 3 and 4: tiles begin where the whole page's grid does.
    private const int Step = 48;
    private const int MinSide = 192;

    /// <summary>
    /// What a page may take where nothing is said. It does not depend on the machine, because tiles and the whole page
    /// differ in their last digits.
    /// </summary>
    public const long Default = 4L << 30;

    /// <summary>The plan for pages of a size.</summary>
    /// <param name="name">The method's name.</param>
    /// <param name="method">What it takes.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="channels">Channels of a page.</param>
    /// <param name="most">Bytes that it may take; null for <see cref="Default"/>.</param>
    /// <param name="threads">Threads that work on it.</param>
    /// <exception cref="InsufficientMemoryException">It cannot be done in so little.</exception>
    public static MemoryPlan For(
        string name, MethodMemory method, int width, int height, int channels, long? most, int threads)
    {
        // Tiles are decided on for one thread: results must not depend on how many a machine has.
        (long ofThread, long parts) = (method.BytesPerThread, method.TilesOf(width, height));
        long samples = (long)width * height * channels;
        long page = Program + (samples * OfPage) + ofThread;
        long whole = page + (samples * method.BytesPerSample);

        // The filters need no tiles, so that their results are the same however much they may take.
        long limit = most ?? (method.BytesPerSample == 0 ? Math.Max(Default, MachineMemory.Limit) : Default);
        long allowed = Usable(limit);
        int? side = whole <= allowed ? null : SideOf(method, channels, allowed - page);
        if (side < MinSide)
        {
            string needed = NeededText(method.BytesPerSample > 0 ? page + OfTile(method, channels, MinSide) : whole);
            throw new InsufficientMemoryException(
                $"{name} on {width} x {height} needs about {needed} of memory, "
                    + $"and may take {Text(limit)} (--max-memory)");
        }

        long bytes = side is { } of ? page + OfTile(method, channels, of) : whole;
        long room = Usable(most ?? Math.Min(Default, MachineMemory.Limit)) - bytes;
        int able = ofThread == 0 ? threads : (int)Math.Min(threads, 1 + Math.Max(0, room / ofThread));
        bytes += ofThread * (Math.Min(able, parts) - 1);
        var plan = new MemoryPlan(bytes, side, able >= parts ? threads : able);
        return Possible(name, method, width, height, plan);
    }

    /// <summary>
    /// Bytes that pages may take once they are decoded, beside the work, so that they need not be decoded again.
    /// </summary>
    /// <param name="most">Bytes that all may take; null for <see cref="Default"/>.</param>
    public long RoomForPages(long? most) =>
        Math.Clamp((Usable(most ?? Math.Min(Default, MachineMemory.Limit)) - Bytes) / 2, 0, MaxKept);

    /// <summary>Whether so many bytes more may be taken.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="most">Bytes that all may take; null for <see cref="Default"/>.</param>
    public bool HasRoomFor(long bytes, long? most) => Bytes + bytes <= Usable(most ?? Default);

    /// <summary>A size as it stands on the command line: 2G, 500M, or bytes.</summary>
    /// <exception cref="InvalidRequestException">It is none.</exception>
    public static long? Parse(string? text, string option = "--max-memory")
    {
        if (text is null)
        {
            return null;
        }

        int shift = text.Length == 0
            ? 0
            : char.ToUpperInvariant(text[^1]) switch { 'K' => 10, 'M' => 20, 'G' => 30, 'T' => 40, _ => 0 };
        string digits = shift > 0 ? text[..^1] : text;
        return double.TryParse(
                digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)
            && number > 0
            ? (long)(number * (1L << shift))
            : throw new InvalidRequestException(
                $"{option} {(text.Length == 0 ? "''" : text)}: it takes a size, for example 2G or 500M");
    }

    /// <summary>In megabytes or gigabytes.</summary>
    public static string Text(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):F1} GB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MB");

    /// <summary>Refuses pages that cannot be held in memory, before they are read.</summary>
    /// <param name="page">What a page is like.</param>
    /// <param name="pages">How many are held at once.</param>
    /// <exception cref="InsufficientMemoryException">There is not enough; the message says so in a line.</exception>
    public static void RefuseTooLarge(ImageFileInfo page, int pages = 1)
    {
        long needed = Program + ((long)page.Width * page.Height * page.Channels * pages * OfPage);
        if (needed > MachineMemory.Available)
        {
            string what = pages == 1
                ? $"a page of {page.Width} x {page.Height} needs"
                : $"{pages} pages of {page.Width} x {page.Height}, which are held at once, need";
            throw new InsufficientMemoryException($"{what} about {NeededText(needed)} of memory, {HadText()}");
        }
    }

    /// <summary>A plan that the machine can follow; it is not the machine that decides on tiles.</summary>
    private static MemoryPlan Possible(
        string name, MethodMemory method, int width, int height, MemoryPlan plan)
    {
        long available = MachineMemory.Available;
        if (plan.Bytes <= available)
        {
            return plan;
        }

        string advice = method.BytesPerSample == 0
            ? string.Empty
            : $": --max-memory {available >> 20}M does with less, in tiles, which changes the result by about 1 %";
        throw new InsufficientMemoryException(
                $"{name} on {width} x {height} needs about {NeededText(plan.Bytes)} of memory, {HadText()}{advice}");
    }

    /// <summary>What there is, for the end of a sentence.</summary>
    private static string HadText() => MachineMemory.Available < MachineMemory.Limit
        ? $"and {Text(MachineMemory.Available)} are free now"
        : $"and this process may take {Text(MachineMemory.Limit)}";

    // Estimates are that good.
    private static long Usable(long bytes) => bytes / 10 * 9;

    /// <summary>What has to be allowed for so much to be used, in whole megabytes.</summary>
    private static string NeededText(long bytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{((bytes / 9 * 10) >> 20) + 1} MB");

    /// <summary>The side of the tiles that fit into <paramref name="free"/> bytes; 0 where a method has none.</summary>
    private static int SideOf(MethodMemory method, int channels, long free)
    {
        if (free <= 0 || method.BytesPerSample == 0)
        {
            return 0;
        }

        int side = (int)Math.Sqrt(free / ((double)method.BytesPerSample * channels)) - (2 * (Margin + Blend));
        return side - (side % Step);
    }

    private static long OfTile(MethodMemory method, int channels, int side)
    {
        long whole = side + (2 * (Margin + Blend));
        return whole * whole * channels * method.BytesPerSample;
    }
}
