namespace Klar.NonLocal;

/// <summary>
/// A patch method of two steps: groups that are found on the noisy image give a pilot, groups that are found on the
/// pilot give the result. The steps are the same for a page that stands alone and for one with neighbours.
/// </summary>
internal interface ITwoSteps
{
    /// <summary>Grouping of the first step.</summary>
    PatchSearchSettings First { get; }

    /// <summary>Grouping of the second step.</summary>
    PatchSearchSettings Second { get; }

    /// <summary>The channels in which the method works.</summary>
    float[][] Forward(float[][] channels);

    /// <summary>The way back.</summary>
    float[][] Inverse(float[][] channels);

    /// <summary>Where patches are compared.</summary>
    float[] Guide(float[][] channels);

    /// <summary>Estimates groups of the noisy image.</summary>
    /// <param name="noisy">What <see cref="Forward"/> made.</param>
    /// <param name="width">Samples in a row.</param>
    IGroupEstimate FirstEstimate(float[][] noisy, int width);

    /// <summary>Estimates groups with the first step's result as pilot.</summary>
    IGroupEstimate SecondEstimate(float[][] noisy, float[][] pilot, int width);
}
