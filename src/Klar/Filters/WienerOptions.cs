namespace Klar;

/// <summary>Options of the Wiener filter.</summary>
public sealed record WienerOptions
{
    /// <summary>k, the side of the window in pixels; odd, 1 to 1001.</summary>
    public int Size { get; init => field = Require.OddWindow(value, 1001); } = 3;

    /// <summary>σ of the noise in sample units; null takes the mean of the local variances, SciPy's rule.</summary>
    public float? Sigma { get; init => field = value is { } sigma ? Require.NotNegative(sigma) : null; }

    /// <summary>What lies outside the image: its mirror image, or the zeros that SciPy's function pads with.</summary>
    public Border Border { get; init; } = Border.Mirror;
}
