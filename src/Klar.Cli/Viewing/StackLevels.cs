using System.Runtime.InteropServices;
using Klar.Formats;

namespace Klar.Cli.Viewing;

/// <summary>
/// The grey levels of a whole stack, channel by channel, so that one contrast fits all of its slices. The first slice
/// of a stack is often empty, and its levels say nothing about the others.
/// </summary>
internal static class StackLevels
{
    // Enough to meet every depth of a stack; all pages of a long film would take as long as watching it.
    private const int MaxPages = 24;
    private const int MaxSamplesOfPage = 1 << 15;
    private const double BlackShare = 0.001;
    private const double WhiteShare = 0.998;

    /// <summary>The levels of each channel, in the order of the file.</summary>
    public static StackLevelsDocument Of(ImageStack stack, StackAxes axes, CancellationToken cancel)
    {
        int channels = axes.SizeOf('C');
        int[][] pages = [.. Enumerable.Range(0, channels).Select(channel => PagesOf(stack, axes, channel))];
        return new StackLevelsDocument([.. pages.Select(chosen => Levels(stack, chosen, cancel))]);
    }

    /// <summary>The page in the middle of the depth, at the first time, in the first channel.</summary>
    public static int Middle(ImageStack stack, StackAxes axes) => Enumerable.Range(0, stack.Pages).First(page =>
        axes.Order.All(
            axis => axes.PlaceOf(page, axis) == (axis is 'Z' or StackAxes.Unknown ? axes.SizeOf(axis) / 2 : 0)));

    /// <summary>
    /// A scale that costs no reading of other pages: only samples as they are in the file are wanted.
    /// </summary>
    public static SampleScale? PlainScale(ImageStack stack) =>
        stack.Info.SampleType == SampleType.UInt8 ? null : SampleScale.EightBit;

    /// <summary>Values of a page, as many as are enough for its distribution.</summary>
    public static List<double> Values(LoadedImage loaded)
    {
        byte[] bytes = ViewSamples.Of(loaded, (0, 0, loaded.Info.Width, loaded.Info.Height));
        return loaded.Info.SampleType switch
        {
            SampleType.UInt8 => Some<byte>(bytes),
            SampleType.UInt16 => Some<ushort>(bytes),
            _ => Some<float>(bytes),
        };
    }

    /// <summary>Black and white of a distribution, so that few samples are cut off.</summary>
    public static LevelsDocument Of(List<double> values)
    {
        if (values.Count == 0)
        {
            return new LevelsDocument(0, 1, 0, 1);
        }

        values.Sort();
        double least = values[0], most = values[^1];
        double black = values[(int)(BlackShare * (values.Count - 1))],
            white = values[(int)(WhiteShare * (values.Count - 1))];
        return white > black
            ? new LevelsDocument(least, most, black, white)
            : new LevelsDocument(least, most, least, most > least ? most : least + 1);
    }

    private static int[] PagesOf(ImageStack stack, StackAxes axes, int channel)
    {
        int[] all = [.. Enumerable.Range(0, stack.Pages).Where(page => axes.PlaceOf(page, 'C') == channel)];
        int count = Math.Min(all.Length, MaxPages);
        return [.. Enumerable.Range(0, count).Select(i => all[(int)((i + 0.5) * all.Length / count)])];
    }

    private static LevelsDocument Levels(ImageStack stack, int[] pages, CancellationToken cancel)
    {
        var values = new List<double>();
        foreach (int page in pages)
        {
            cancel.ThrowIfCancellationRequested();
            values.AddRange(Values(stack.Read(page, PlainScale(stack))));
        }

        return Of(values);
    }

    private static List<double> Some<T>(byte[] bytes)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        ReadOnlySpan<T> samples = MemoryMarshal.Cast<byte, T>(bytes);
        int step = 1 + (samples.Length / MaxSamplesOfPage);
        var values = new List<double>(samples.Length / step);
        for (int i = 0; i < samples.Length; i += step)
        {
            double value = double.CreateTruncating(samples[i]);
            if (double.IsFinite(value))
            {
                values.Add(value);
            }
        }

        return values;
    }
}
