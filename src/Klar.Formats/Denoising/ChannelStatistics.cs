using Klar.Imaging;

namespace Klar.Formats.Denoising;

/// <summary>What the pages of a channel have in common, measured on some of them.</summary>
internal static class ChannelStatistics
{
    private const long MostMeasured = 4 << 20;
    private const int MostMeasuredPages = 8;

    /// <summary>Some of a channel's pages, evenly spread; of pages too large for that, parts of the middle one. What is decided for all is decided on <paramref name="decidesOn"/>, or the page in the middle.</summary>
    public static StackStatistics Of(
        ImageStack stack, IReadOnlyList<int> pages, SampleScale scale, bool inTiles,
        Func<Image, Image>? prepared = null, Image? decidesOn = null)
    {
        Image Read(int page) => (prepared ?? (static image => image))(stack.Read(page, scale).Image);
        if (inTiles)
        {
            return LargePage.Parts(Read(pages[pages.Count / 2]));
        }

        long samples = Math.Max(1, (long)stack.Info.Width * stack.Info.Height * stack.Info.Channels);
        int count = (int)Math.Clamp(MostMeasured / samples, 1, Math.Min(MostMeasuredPages, pages.Count));
        Image[] measured =
            [.. Enumerable.Range(0, count).Select(i => Read(pages[((2 * i) + 1) * pages.Count / (2 * count)]))];
        Image[] alike = [.. measured.Where(page => (page.Width, page.Height) == (measured[0].Width, measured[0].Height))];
        return new StackStatistics(alike) { Middle = decidesOn ?? alike[alike.Length / 2] };
    }
}
