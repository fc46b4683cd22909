using System.Numerics;
using System.Runtime.CompilerServices;

namespace Klar.Numerics;

/// <summary>The smallest of many numbers, without sorting all (Hoare's selection).</summary>
internal static class Selection
{
    /// <summary>
    /// Brings the <paramref name="count"/> smallest to the front, in any order. No number may be NaN.
    /// </summary>
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
    public static T Median<T>(Span<T> numbers)
        where T : struct, INumber<T>
    {
        int half = numbers.Length / 2;
        T upper = UpperMedian(numbers);
        if (numbers.Length % 2 == 1)
        {
            return upper;
        }

        Smallest(numbers[..(half + 1)], half);
        return (upper + Largest<T>(numbers[..half])) / T.CreateChecked(2);
    }

    /// <summary>The median, the upper of the two middle ones of an even number; reorders. 0 of none.</summary>
    public static T UpperMedian<T>(Span<T> numbers)
        where T : struct, INumber<T>
    {
        if (numbers.Length == 0)
        {
            return T.Zero;
        }

        int count = (numbers.Length / 2) + 1;
        Smallest(numbers, count);
        return Largest<T>(numbers[..count]);
    }

    private static T Largest<T>(ReadOnlySpan<T> numbers)
        where T : struct, INumber<T>
    {
        T largest = numbers[0];
        foreach (T number in numbers)
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
