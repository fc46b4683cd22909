namespace Klar;

/// <summary>Mixes the input back into what another denoiser makes of it: input + strength · (result − input).</summary>
public sealed class PartialStrength : IDenoiser
{
    private readonly IDenoiser _inner;
    private readonly float _strength;

    /// <param name="inner">The denoiser.</param>
    /// <param name="strength">0 returns the input, 1 the denoiser's result.</param>
    public PartialStrength(IDenoiser inner, float strength) =>
        (_inner, _strength) = (inner, Require.Within(strength, 0, 1));

    /// <inheritdoc/>
    public Denoised Denoise(
        Image noisy, IProgress<DenoiseProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(noisy);
        Denoised result = _inner.Denoise(noisy, progress, cancel);
        Image mixed = noisy.With([.. noisy.Planes.Zip(result.Image.Planes, Mix)]);
        return new Denoised(mixed, result.Report.With("strength", Settings.Text(_strength)));
    }

    private Plane Mix(Plane noisy, Plane clean) =>
        Plane.Create(noisy.Width, noisy.Height, (noisy, clean, _strength), static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            (float input, float result) = (from.noisy.Samples[i], from.clean.Samples[i]);
            to[i] = from._strength == 1 ? result : input + (from._strength * (result - input));
        }
    });
}
