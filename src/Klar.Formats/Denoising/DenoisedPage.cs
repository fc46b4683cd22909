namespace Klar.Formats.Denoising;

/// <summary>A page and what became of it.</summary>
/// <param name="Number">Its number in the file.</param>
/// <param name="Loaded">The page as it was read.</param>
/// <param name="Noisy">The page without NaN and infinity.</param>
/// <param name="Denoised">The result, with NaN and infinity where the file has them.</param>
/// <param name="Result">The result without them.</param>
/// <param name="Method">The method as it ran.</param>
internal sealed record DenoisedPage(
    int Number, LoadedImage Loaded, Image Noisy, Denoised Denoised, Image Result, IDenoiser Method);
