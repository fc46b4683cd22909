namespace Klar;

/// <summary>
/// The map between samples and a file's values: value = Black + sample · (White − Black). Chosen once per file, kept
/// with its images, undone on writing.
/// </summary>
/// <param name="Black">The file's value for sample 0.</param>
/// <param name="White">The file's value for sample 1.</param>
/// <param name="Bounded">
/// Whether the file's type has a white that values cannot pass (integers), or not (float).
/// </param>
public sealed record SampleScale(double Black, double White, bool Bounded)
{
    // Floats within these limits are of a picture between 0 and 1 with noise; a range far below 1 is of something else.
    private const double MinOfUnit = -0.5;
    private const double MaxOfUnit = 1.5;
    private const double MinRangeOfUnit = 0.02;

    /// <summary>0..255, as 8-bit files have it.</summary>
    public static SampleScale EightBit { get; } = new(0, 255, Bounded: true);

    /// <summary>The scale of integers with more than 8 bits: their own range.</summary>
    public static SampleScale OfIntegers(double least, double most) =>
        new(least, Math.Max(most, least + 1), Bounded: true);

    /// <summary>Floats of which 0 is black and 1 is white.</summary>
    public static SampleScale UnitFloats { get; } = new(0, 1, Bounded: false);

    /// <summary>
    /// The scale of floats: 0..1 where all but outliers are between -0.5 and 1.5, else their own range.
    /// </summary>
    /// <param name="least">The smallest sample, without outliers.</param>
    /// <param name="most">The largest sample, without outliers.</param>
    public static SampleScale OfFloats(double least, double most)
    {
        if (least >= MinOfUnit && most <= MaxOfUnit && most - least >= MinRangeOfUnit)
        {
            return UnitFloats;
        }

        double black = least <= most ? least : 0;
        return most > black
            ? new SampleScale(black, most, Bounded: false)
            : new SampleScale(black, black + 1, Bounded: false);
    }

    /// <summary>
    /// Whether the file has 8 bits: such files are photographs as often as micrographs. What is known of microscopes (a
    /// highest band without picture, a camera's floor, blurs of any width) is not assumed of them.
    /// </summary>
    internal bool MayBePhotograph => this == EightBit;

    /// <summary>White − Black, the file's values per unit of sample.</summary>
    public double Range => White - Black;
}
