using Klar.Numerics;

namespace Klar.Noise.Structured;

/// <summary>The median of a few numbers, whose order it changes.</summary>
internal static class Median
{
    /// <summary>The upper of the two in the middle of an even number; 0 of none.</summary>
    public static double Of(Span<double> numbers)
    {
        if (numbers.Length == 0)
        {
            return 0;
        }

        int middle = numbers.Length / 2;
        Selection.Smallest(numbers, middle + 1);
        double greatest = numbers[0];
        foreach (double number in numbers[..(middle + 1)])
        {
            greatest = Math.Max(greatest, number);
        }

        return greatest;
    }
}
