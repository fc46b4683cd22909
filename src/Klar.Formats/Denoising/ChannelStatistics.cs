namespace Klar.Formats.Denoising;

/// <summary>What the pages of a channel have in common, measured on some of them.</summary>
internal static class ChannelStatistics
{
    private const long MaxMeasured = 4 << 20;
    private const int MaxMeasuredPages = 8;

    /// <summary>
    /// Some of a channel's pages, evenly spread; of pages too large for that, parts of the middle one. What is decided
    /// for all is decided on <paramref name="decidesOn"/>, or the page in the middle.
    /// </summary>
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
        int count = (int)Math.Clamp(MaxMeasured / samples, 1, Math.Min(MaxMeasuredPages, pages.Count));
        Image[] measured =
            [.. Enumerable.Range(0, count).Select(i => Read(pages[((2 * i) + 1) * pages.Count / (2 * count)]))];
        (int width, int height) = (measured[0].Width, measured[0].Height);
        Image[] ofOneSize = [.. measured.Where(page => (page.Width, page.Height) == (width, height))];
        return new StackStatistics(ofOneSize) { Middle = decidesOn ?? ofOneSize[ofOneSize.Length / 2] };
    }
}
