namespace Klar.Networks;

/// <summary>
/// A convolution with a square kernel and «same» size, zeros outside the image, and the leaky rectifier after it:
/// <c>a = max(z, slope · z)</c> with <c>z(p) = bias + Σ_t W_t x(p + t)</c>.
/// </summary>
/// <param name="Inputs">Channels that come in.</param>
/// <param name="Outputs">Channels that go out.</param>
/// <param name="Kernel">The kernel's side, 1 or 3; 2 where it up-samples.</param>
/// <param name="Slope">
/// The rectifier's slope for negative values: 0.2 is a usual leak, 0 is ReLU, 1 is no rectifier at all.
/// </param>
/// <param name="Upsamples">
/// Whether it is the transposed convolution of side and stride 2, which knows no rectifier.
/// </param>
internal sealed record ConvolutionLayer(int Inputs, int Outputs, int Kernel, float Slope = 1, bool Upsamples = false)
{
    /// <summary>
    /// Outputs are kept in whole registers of at most 16 lanes; those beyond the layer's own stay zero.
    /// </summary>
    public const int Lanes = 16;

    public int Radius => Kernel / 2;

    public int Taps => Kernel * Kernel;

    /// <summary>Outputs, rounded up to whole registers.</summary>
    public int PaddedOutputs => (Outputs + Lanes - 1) / Lanes * Lanes;

    /// <summary>Inputs, rounded up to whole registers, as the gradient to the data has them.</summary>
    public int PaddedInputs => (Inputs + Lanes - 1) / Lanes * Lanes;

    /// <summary>Numbers in [tap][input][padded output].</summary>
    public int WeightCount => Taps * Inputs * PaddedOutputs;

    /// <summary>Weights and, after them, a bias for each padded output.</summary>
    public int ParameterCount => WeightCount + PaddedOutputs;
}
