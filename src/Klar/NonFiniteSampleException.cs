using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Klar;

/// <summary>
/// A sample is NaN or infinite: no method takes it (<see cref="MaskedDenoiser"/> denoises around it).
/// </summary>
/// <param name="x">Its column.</param>
/// <param name="y">Its row.</param>
/// <param name="channel">Its channel.</param>
/// <param name="value">The sample.</param>
[SuppressMessage(
    "Design", "CA1032:Implement standard exception constructors",
    Justification = "Such an exception without a place would not say what its name promises.")]
public sealed class NonFiniteSampleException(int x, int y, int channel, float value) : UnsuitableImageException(
    string.Create(
        CultureInfo.InvariantCulture,
        $"The sample at x={x}, y={y}, channel {channel} is {value}: only finite samples can be denoised."))
{
    /// <summary>The column, from 0.</summary>
    public int X { get; } = x;

    /// <summary>The row, from 0.</summary>
    public int Y { get; } = y;

    /// <summary>The channel, from 0.</summary>
    public int Channel { get; } = channel;

    /// <summary>The sample.</summary>
    public float Value { get; } = value;
}
