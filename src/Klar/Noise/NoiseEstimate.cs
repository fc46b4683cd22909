namespace Klar.Noise;

/// <summary>What was found out about the noise of an image, in sample units (1 is white).</summary>
public sealed record NoiseEstimate
{
    /// <summary>What the noise looks like.</summary>
    public required NoiseKind Kind { get; init; }

    /// <summary>
    /// σ before any clipping: for additive noise its level, else the level at the image's mean brightness.
    /// </summary>
    public required double Sigma { get; init; }

    /// <summary>
    /// a, sample units a photon; 0 for additive noise. The variance of a sample x is a · (x − Offset) + ReadNoise².
    /// </summary>
    public double Gain { get; init; }

    /// <summary>√b, σ of the noise where there is no light; σ itself for additive noise.</summary>
    public double ReadNoise { get; init; }

    /// <summary>o, the brightness where there is no light: the picture's floor, if it has one.</summary>
    public double Offset { get; init; }

    /// <summary>The noise where the picture is darkest, as it was measured; null where nothing was.</summary>
    public NoiseLevel? DarkEnd { get; init; }

    /// <summary>The noise where the picture is brightest, as it was measured; null where nothing was.</summary>
    public NoiseLevel? BrightEnd { get; init; }

    /// <summary>Samples in areas of one value (masks, borders, burnt-in marks), which were left out.</summary>
    public int Masked { get; init; }

    /// <summary>The mean of what was measured, at which <see cref="Sigma"/> is told.</summary>
    internal double Brightness { get; init; }

    /// <summary>Share of samples at black or below.</summary>
    public double ClippedBlack { get; init; }

    /// <summary>Share of samples at white or above.</summary>
    public double ClippedWhite { get; init; }

    /// <summary>Whether noise was cut off at black: dark regions are brighter than they should be.</summary>
    public bool CutAtBlack { get; init; }

    /// <summary>Whether noise was cut off at white.</summary>
    public bool CutAtWhite { get; init; }

    /// <summary>Correlation of the noise of neighbouring pixels, the mean of across and down.</summary>
    public double Lag1 => 0.5 * (Across + Down);

    /// <summary>Correlation of the noise of neighbours in a row; 0 if it could not be measured.</summary>
    public double Across => Autocorrelation.Count == 0 ? 0 : Autocorrelation[(4 * 9) + 5];

    /// <summary>Correlation of the noise of neighbours in a column; 0 if it could not be measured.</summary>
    public double Down => Autocorrelation.Count == 0 ? 0 : Autocorrelation[(5 * 9) + 4];

    /// <summary>
    /// Autocorrelation at lags −4 to 4, 9 × 9, row-major, 1 in the middle; empty if it could not be measured.
    /// </summary>
    public IReadOnlyList<double> Autocorrelation { get; init; } = [];

    /// <summary>σ as it is, clipped or not, over brightness, darkest first.</summary>
    internal IReadOnlyList<(double Brightness, double Sigma)> Levels { get; init; } = [];

    /// <summary>
    /// The least variance of the noise in any direction of a patch, over that of white noise of its level: near 1 for
    /// white noise.
    /// </summary>
    internal double Whiteness { get; init; } = 1;

    /// <summary>
    /// Where the blocks of a JPEG that the picture once was start; null if it was none, or none is found.
    /// </summary>
    public JpegGrid? Jpeg { get; init; }

    /// <summary>Whether the noise was measured in the blocks of <see cref="Jpeg"/>.</summary>
    internal bool IsOfJpeg { get; init; }

    /// <summary>σ before the JPEG compression that <see cref="IsOfJpeg"/> says there was.</summary>
    internal double SigmaBeforeJpeg { get; init; }

    /// <summary>Stuck pixels.</summary>
    public int HotPixels { get; init; }

    /// <summary>
    /// Columns of the sensor that count too little or too much, over their full height or a part, in all planes.
    /// </summary>
    public int BadColumns { get; init; }

    /// <summary>0 (a guess) to 1.</summary>
    public double Confidence { get; init; }

    /// <summary>Why the estimate cannot be trusted fully, in plain words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
