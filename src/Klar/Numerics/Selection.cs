using System.Numerics;
using System.Runtime.CompilerServices;

namespace Klar.Numerics;

/// <summary>The smallest of many numbers, without sorting all (Hoare's selection).</summary>
internal static class Selection
{
    /// <summary>Brings the <paramref name="count"/> smallest to the front, in any order. No number may be NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Smallest<T>(Span<T> numbers, int count)
        where T : struct, INumber<T>
    {
        int left = 0, right = numbers.Length - 1;
        while (left < right)
        {
            T pivot = Middle(numbers[left], numbers[(left + right) / 2], numbers[right]);
            int i = left, j = right;
            while (i <= j)
            {
                while (numbers[i] < pivot)
                {
                    i++;
                }

                while (numbers[j] > pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (numbers[i], numbers[j]) = (numbers[j], numbers[i]);
                    i++;
                    j--;
                }
            }

            if (count <= j)
            {
                right = j;
            }
            else if (count >= i)
            {
                left = i;
            }
            else
            {
                return;
            }
        }
    }

    /// <summary>The median, the mean of the two middle ones of an even number; reorders. Not of none.</summary>
    public static float Median(Span<float> numbers)
    {
        int half = numbers.Length / 2;
        Smallest(numbers, half + 1);
        float upper = Largest(numbers[..(half + 1)]);
        if (numbers.Length % 2 == 1)
        {
            return upper;
        }

        Smallest(numbers[..(half + 1)], half);
        return 0.5f * (upper + Largest(numbers[..half]));
    }

    private static float Largest(ReadOnlySpan<float> numbers)
    {
        float largest = numbers[0];
        foreach (float number in numbers)
        {
            largest = number > largest ? number : largest;
        }

        return largest;
    }

    private static T Middle<T>(T a, T b, T c)
        where T : struct, INumber<T>
    {
        (a, b) = a < b ? (a, b) : (b, a);
        return c < a ? a : c < b ? c : b;
    }
}
