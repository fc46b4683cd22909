namespace Klar;

/// <summary>Turns a noisy image into a cleaner one. Implementations keep no state between calls.</summary>
public interface IDenoiser
{
    /// <summary>Denoises <paramref name="noisy"/>; the input is left as it was.</summary>
    /// <exception cref="NonFiniteSampleException">A sample is NaN or infinite; the message says where.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing is returned.</exception>
    Denoised Denoise(Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default);
}
