using Klar.Formats.Denoising;

namespace Klar.Formats.Tests.Containers;

/// <summary>An image of a microscope's format as it is written: unchanged, with what the file says about it.</summary>
internal static class ContainerCopy
{
    /// <summary>Writes pages of a stack, all of them where none are named.</summary>
    public static void Write(ImageStack stack, string output, params int[] pages) =>
        Write(stack, output, WriteOptions.AsSource, pages);

    /// <summary>The same with a choice of how the file stores samples.</summary>
    public static void Write(ImageStack stack, string output, WriteOptions options, params int[] pages)
    {
        pages = pages.Length > 0 ? pages : [.. Enumerable.Range(0, stack.Pages)];
        SampleType type = stack.Info.SampleType;
        if (stack.Pages == 1)
        {
            using var single = new SinglePage(output, stack) { Type = type, Options = options };
            single.Add(stack.Read(0));
            single.Finish("note");
            Assert.Equal(0, single.Clipped);
            return;
        }

        using StackResult result = StackResult.Open(
            output, stack, stack.Axes, pages, "key", resume: false, type, options);
        SampleScale scale = stack.Scale(pages);
        foreach (int page in pages)
        {
            result.Add(stack.Read(page, scale));
        }

        result.Finish("note");
    }

    /// <summary>A page's first channel in the file's grey levels.</summary>
    public static double[] Values(ImageStack stack, int page, int channel = 0)
    {
        LoadedImage read = stack.Read(page);
        SampleScale scale = read.Image.Scale;
        float[] samples = read.Image.Planes[channel].Samples.ToArray();
        return [.. samples.Select(sample => Math.Round(scale.Black + (sample * scale.Range), 3))];
    }
}
