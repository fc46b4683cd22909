using System.Globalization;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Klar;

/// <summary>Checks of arguments; each names what it refuses.</summary>
internal static class Require
{
    public static T Positive<T>(T value, [CallerMemberName] string? name = null)
        where T : INumber<T> =>
        T.IsFinite(value) && value > T.Zero
            ? value
            : throw new OptionOutOfRangeException(name, value, "finite and greater than zero");

    public static T NotNegative<T>(T value, [CallerMemberName] string? name = null)
        where T : INumber<T> =>
        T.IsFinite(value) && value >= T.Zero
            ? value
            : throw new OptionOutOfRangeException(name, value, "finite and not negative");

    public static T Within<T>(T value, T min, T max, [CallerMemberName] string? name = null)
        where T : INumber<T> =>
        value >= min && value <= max
            ? value
            : throw new OptionOutOfRangeException(name, value, string.Create(
                CultureInfo.InvariantCulture, $"from {min} to {max}"));

    public static double Finite(double value, [CallerMemberName] string? name = null) => double.IsFinite(value)
        ? value
        : throw new OptionOutOfRangeException(name, value, "finite");

    public static int OddWindow(int value, int max, [CallerMemberName] string? name = null) =>
        value >= 1 && value <= max && value % 2 == 1
            ? value
            : throw new OptionOutOfRangeException(name, value, $"odd and from 1 to {max}");

    public static int MultipleWithin(int value, int multiple, int max, [CallerMemberName] string? name = null) =>
        value % multiple == 0
            ? Within(value, multiple, max, name)
            : throw new OptionOutOfRangeException(name, value, $"a multiple of {multiple}");

    /// <summary>Refuses an image that holds NaN or infinity, and says where the first one is.</summary>
    public static void Finite(Image image)
    {
        for (int c = 0; c < image.Planes.Count; c++)
        {
            Finite(image.Planes[c], c, 0, image.Height);
        }
    }

    /// <summary>The same for rows <paramref name="from"/> to <paramref name="to"/> of one channel.</summary>
    public static void Finite(Plane noisy, int channel, int from, int to)
    {
        ReadOnlySpan<float> rows = noisy.Samples[(from * noisy.Width)..(to * noisy.Width)];
        if (AllFinite(rows))
        {
            return;
        }

        int i = 0;
        while (float.IsFinite(rows[i]))
        {
            i++;
        }

        throw new NonFiniteSampleException(i % noisy.Width, from + (i / noisy.Width), channel, rows[i]);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static bool AllFinite(ReadOnlySpan<float> samples)
    {
        // x − x is 0 for every finite x and NaN for the others, and a sum of zeros and NaN is NaN if one of them is.
        var sum = Vector<float>.Zero;
        int i = 0;
        for (; i <= samples.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var v = new Vector<float>(samples[i..]);
            sum += v - v;
        }

        bool finite = Vector.EqualsAll(sum, Vector<float>.Zero);
        for (; i < samples.Length; i++)
        {
            finite &= float.IsFinite(samples[i]);
        }

        return finite;
    }
}
