using Klar.Formats;
using Klar.Formats.Denoising;

namespace Klar.Cli;

/// <summary>Images for commands that hold the whole of them in memory.</summary>
internal static class InputImage
{
    /// <summary>Reads one of a single page, unless it is larger than this process may hold.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scale">The scale of the samples: that of a reference; null takes the file's own.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="BadImageFileException">There is no such image, it is damaged, or it is a stack.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory; the message says so.</exception>
    public static LoadedImage Read(string path, SampleScale? scale, CancellationToken cancel)
    {
        RefuseSeveral(path);
        MemoryPlan.RefuseTooLarge(ImageFile.Info(path));
        return ImageFile.Read(path, scale, cancel);
    }

    /// <summary>Reads all pages of one, in one scale.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scale">The scale of the samples: that of a reference; null takes the file's own.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="BadImageFileException">There is no such image, or it is damaged.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory; the message says so.</exception>
    public static IReadOnlyList<LoadedImage> ReadPages(string path, SampleScale? scale, CancellationToken cancel)
    {
        using ImageStack stack = Open(path, cancel);
        MemoryPlan.RefuseTooLarge(stack.Info, stack.Pages);
        int[] all = [.. Enumerable.Range(0, stack.Pages)];
        SampleScale common = scale ?? stack.Scale(all);
        return [.. all.Select(page => stack.Read(page, common))];
    }

    /// <summary>Opens one of any number of pages.</summary>
    /// <exception cref="BadImageFileException">There is no such image, it is damaged, or the file holds
    /// several.</exception>
    public static ImageStack Open(string path, CancellationToken cancel)
    {
        RefuseSeveral(path);
        return ImageStack.Open(path, cancel: cancel);
    }

    private static void RefuseSeveral(string path)
    {
        int count = ImageStack.Scenes(path).Count;
        if (count > 1)
        {
            throw new BadImageFileException(
                $"it holds {count} images, and a single one is wanted here: "
                + "'klar denoise --scene N' makes a file of one");
        }
    }
}
