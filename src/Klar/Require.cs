using System.Numerics;
using System.Runtime.CompilerServices;
using Klar.Imaging;

namespace Klar;

/// <summary>Checks of arguments; each names what it refuses.</summary>
internal static class Require
{
    public static T Positive<T>(T value, [CallerMemberName] string? name = null)
        where T : INumber<T> =>
        T.IsFinite(value) && value > T.Zero
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "Must be finite and greater than zero.");

    public static T NotNegative<T>(T value, [CallerMemberName] string? name = null)
        where T : INumber<T> =>
        T.IsFinite(value) && value >= T.Zero
            ? value
            : throw new ArgumentOutOfRangeException(name, value, "Must be finite and not negative.");

    public static T Within<T>(T value, T least, T most, [CallerMemberName] string? name = null)
        where T : INumber<T> =>
        value >= least && value <= most
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"Must be from {least} to {most}.");

    public static int OddWindow(int value, int most, [CallerMemberName] string? name = null) =>
        value >= 1 && value <= most && value % 2 == 1
            ? value
            : throw new ArgumentOutOfRangeException(name, value, $"Must be odd and from 1 to {most}.");

    /// <summary>Refuses an image that holds NaN or infinity, and says where the first one is.</summary>
    public static void Finite(Image image, [CallerArgumentExpression(nameof(image))] string? name = null)
    {
        for (int c = 0; c < image.Planes.Count; c++)
        {
            Imaging.Plane plane = image.Planes[c];
            for (int y = 0; y < plane.Height; y++)
            {
                int x = plane.Row(y).IndexOfAnyNotFinite();
                if (x >= 0)
                {
                    throw new ArgumentException(
                        $"The sample at x={x}, y={y}, channel {c} is {plane.Row(y)[x]}: only finite samples can be denoised.",
                        name);
                }
            }
        }
    }

    private static int IndexOfAnyNotFinite(this ReadOnlySpan<float> row)
    {
        // x - x is 0 for every finite x and NaN for the others, and a sum of zeros and NaN is NaN if one of them is.
        var sum = Vector<float>.Zero;
        int i = 0;
        for (; i <= row.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var v = new Vector<float>(row[i..]);
            sum += v - v;
        }

        if (i == 0 || !Vector.EqualsAll(sum, Vector<float>.Zero))
        {
            i = 0;
        }

        for (; i < row.Length; i++)
        {
            if (!float.IsFinite(row[i]))
            {
                return i;
            }
        }

        return -1;
    }
}
