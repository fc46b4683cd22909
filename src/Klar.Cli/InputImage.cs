using Klar.Formats;
using Klar.Formats.Denoising;
using Klar.Imaging;

namespace Klar.Cli;

/// <summary>Images of one page, for commands that hold the whole of them in memory.</summary>
internal static class InputImage
{
    /// <summary>Reads one, unless it is larger than this process may hold.</summary>
    /// <param name="path">The file.</param>
    /// <param name="scale">The scale of the samples: that of a reference; null takes the file's own.</param>
    /// <param name="cancel">Ends it.</param>
    /// <exception cref="BadImageFileException">There is no such image, it is damaged, or it is a stack.</exception>
    /// <exception cref="InsufficientMemoryException">There is not enough memory; the message says so.</exception>
    public static LoadedImage Read(string path, SampleScale? scale, CancellationToken cancel)
    {
        int count = ImageStack.Scenes(path).Count;
        if (count > 1)
        {
            throw new BadImageFileException(
                $"it holds {count} images, and a single one is wanted here: "
                + "'klar denoise --scene N' makes a file of one");
        }

        MemoryPlan.RefuseTooLarge(ImageFile.Info(path));
        return ImageFile.Read(path, scale, cancel);
    }
}
