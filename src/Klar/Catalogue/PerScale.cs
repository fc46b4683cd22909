namespace Klar.Catalogue;

/// <summary>A denoiser whose settings depend on the scale of the file: a noise level in its own grey levels.</summary>
internal sealed class PerScale(Func<SampleScale, IDenoiser> make) : IDenoiser
{
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default) =>
        make(noisy.Scale).Denoise(noisy, progress, cancel);
}
