using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Klar.Networks;

/// <summary>
/// A picture as a network takes it: channels side by side, zeros around it as far as any tile looks, so that
/// gathering needs no borders.
/// </summary>
internal sealed class InputImage
{
    /// <summary>
    /// Numbers that <see cref="Gather"/> may write past what it was asked for: it copies whole registers.
    /// </summary>
    public const int Slack = 8;

    private readonly float[] _samples;
    private readonly int _border;
    private readonly int _row;

    /// <param name="planes">The channels, row-major.</param>
    /// <param name="width">Samples in a row.</param>
    /// <param name="height">Rows.</param>
    /// <param name="border">Pixels of zeros on each side: at least the halo of a tile's input.</param>
    public InputImage(float[][] planes, int width, int height, int border)
    {
        (Width, Height, Channels, _border) = (width, height, planes.Length, border);
        _row = (width + (2 * border)) * Channels;
        _samples = new float[(_row * (height + (2 * border))) + Slack];
        for (int c = 0; c < Channels; c++)
        {
            for (int i = 0; i < width * height; i++)
            {
                _samples[At(i % width, i / width) + c] = planes[c][i];
            }
        }
    }

    public int Width { get; }

    public int Height { get; }

    public int Channels { get; }

    /// <summary>
    /// Each pixel of <paramref name="region"/> with its neighbours: to[pixel][tap][channel], and <see cref="Slack"/>
    /// numbers behind them. A kernel of side 1 is the pixel.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Gather(Region region, int kernel, Span<float> to)
    {
        int terms = kernel * Channels; // neighbours in a row follow each other here too
        int radius = kernel / 2;
        Debug.Assert(to.Length >= (region.Pixels * kernel * terms) + Slack, "No room for the neighbours.");
        ref float target = ref MemoryMarshal.GetReference(to);
        for (int y = region.Y; y < region.Y + region.Height; y++)
        {
            ref float source = ref _samples[At(region.X - radius, y - radius)];
            for (int x = 0; x < region.Width; x++)
            {
                for (int k = 0; k < kernel; k++)
                {
                    Copy(ref Unsafe.Add(ref source, k * _row), ref target, terms);
                    target = ref Unsafe.Add(ref target, terms);
                }

                source = ref Unsafe.Add(ref source, Channels);
            }
        }
    }

    /// <summary>
    /// Copies at least <paramref name="terms"/> numbers; what it writes behind them the next call overwrites.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(ref float from, ref float to, int terms)
    {
        int i = 0;
        for (; i + 4 < terms; i += 8)
        {
            Vector256.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
        }

        if (i < terms)
        {
            Vector128.LoadUnsafe(ref from, (nuint)i).StoreUnsafe(ref to, (nuint)i);
        }
    }

    private int At(int x, int y) => ((y + _border) * _row) + ((x + _border) * Channels);
}
