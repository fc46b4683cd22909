namespace Klar.Stacks;

/// <summary>
/// Channels of the last few pages of a stack, one after the other in an array for each channel, so that groups of
/// patches may lie on several of them.
/// </summary>
internal sealed class PageRing(int channels, int pixels, int slots)
{
    private readonly float[][] _samples =
        [.. Enumerable.Range(0, channels).Select(_ => new float[checked(slots * pixels)])];

    /// <summary>All slots of each channel.</summary>
    public float[][] Samples => _samples;

    /// <summary>Where a page lies among the slots.</summary>
    public int SlotOf(int page) => page % slots;

    /// <summary>Keeps a page's channels in the place of one that is not needed any more.</summary>
    public void Put(int page, IReadOnlyList<float[]> planes)
    {
        for (int c = 0; c < channels; c++)
        {
            planes[c].AsSpan(0, pixels).CopyTo(_samples[c].AsSpan(SlotOf(page) * pixels, pixels));
        }
    }

    /// <summary>A channel of a page.</summary>
    public ReadOnlySpan<float> Page(int page, int channel) =>
        _samples[channel].AsSpan(SlotOf(page) * pixels, pixels);
}
