namespace Klar;

/// <summary>Options of the mean filter.</summary>
public sealed record MeanOptions
{
    /// <summary>k, the side of the window in pixels; odd, 1 to 1001.</summary>
    public int Size { get; init => field = Require.OddWindow(value, 1001); } = 3;
}
