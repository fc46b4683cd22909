namespace Klar;

/// <summary>Writes the samples of a new plane, row after row.</summary>
public delegate void FillAction<in TState>(Span<float> samples, TState state)
    where TState : allows ref struct;

/// <summary>One channel of one slice: a dense, row-major grid of 32-bit samples. Written once by its maker.</summary>
public sealed class Plane
{
    private readonly float[] _samples;

    internal Plane(int width, int height, float[] samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        ArgumentOutOfRangeException.ThrowIfNotEqual(samples.Length, checked(width * height));
        (Width, Height, _samples) = (width, height, samples);
    }

    /// <summary>Samples in a row.</summary>
    public int Width { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>All samples, row-major, in units of the nominal white: 0 is black, 1 is white.</summary>
    public ReadOnlySpan<float> Samples => _samples;

    /// <summary>Row <paramref name="y"/>, from the top.</summary>
    public ReadOnlySpan<float> Row(int y) => _samples.AsSpan(y * Width, Width);

    /// <summary>Creates a plane and lets <paramref name="fill"/> write its samples, once.</summary>
    public static Plane Create<TState>(int width, int height, TState state, FillAction<TState> fill)
        where TState : allows ref struct
    {
        ArgumentNullException.ThrowIfNull(fill);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(width);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(height);
        float[] samples = new float[checked(width * height)];
        fill(samples, state);
        return new Plane(width, height, samples);
    }

    /// <summary>A plane with a copy of <paramref name="samples"/>.</summary>
    public static Plane From(int width, int height, ReadOnlySpan<float> samples) =>
        new(width, height, samples.ToArray());

    /// <summary>The part that starts at (<paramref name="x"/>, <paramref name="y"/>).</summary>
    public Plane Crop(int x, int y, int width, int height)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(x);
        ArgumentOutOfRangeException.ThrowIfNegative(y);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(x + width, Width);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(y + height, Height);
        float[] samples = new float[checked(width * height)];
        for (int row = 0; row < height; row++)
        {
            Row(y + row).Slice(x, width).CopyTo(samples.AsSpan(row * width));
        }

        return new Plane(width, height, samples);
    }
}
