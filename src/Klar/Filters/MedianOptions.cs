namespace Klar;

/// <summary>Options of the median filter.</summary>
public sealed record MedianOptions
{
    /// <summary>k, the side of the window in pixels; odd, 1 to 101.</summary>
    public int Size { get; init => field = Require.OddWindow(value, 101); } = 3;
}
