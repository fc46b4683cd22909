namespace Klar.Noise;

/// <summary>
/// The transform after which Poisson-Gaussian noise has variance 1 at every brightness, and its exact unbiased
/// inverse in closed form.
/// </summary>
/// <remarks>
/// Mäkitalo and Foi, IEEE Trans. Image Processing 20(1), 2011 and 22(1), 2013. a is the gain, b the variance of the
/// noise at the camera's offset o, where there is no light, all in sample units; y is the sample less the offset.
/// <code>
/// D = 2/a √max(0, a y + 3/8 a² + b)
/// y = a (D²/4 + 1/4 √(3/2)/D − 11/8 /D² + 5/8 √(3/2)/D³ − 1/8 − b/a²)
/// </code>
/// The expectation of D where there is no light is below 2 √(3/8 + b/a²), since the root is concave; to cut the inverse
/// off there would lift a camera's floor by up to half a grey level. It is cut off at −√b, one deviation of the read
/// noise below the offset: of photons alone at 0.
/// </remarks>
internal sealed class GeneralisedAnscombe
{
    private readonly double _gain;
    private readonly double _read;
    private readonly double _offset;
    private readonly double _leastTransformed;
    private readonly double _leastLight;

    /// <param name="gain">a.</param>
    /// <param name="readVariance">b.</param>
    /// <param name="offset">o.</param>
    /// <param name="isCutOff">Whether nothing can be darker than the offset, so that the inverse ends there.</param>
    public GeneralisedAnscombe(double gain, double readVariance, double offset = 0, bool isCutOff = false)
    {
        (_gain, _offset) = (Require.Positive(gain), offset);
        _read = Math.Max(0, readVariance);
        _leastTransformed = isCutOff ? 2 * Math.Sqrt(0.375 + (_read / (gain * gain))) : Math.Sqrt(1.5);
        _leastLight = isCutOff ? 0 : -Math.Sqrt(_read);
    }

    /// <summary>D of a sample.</summary>
    public double Forward(double sample) =>
        2 / _gain * Math.Sqrt(Math.Max(0, (_gain * (sample - _offset)) + (0.375 * _gain * _gain) + _read));

    /// <summary>The sample whose transform has this expectation.</summary>
    public double Inverse(double expected)
    {
        double root = Math.Sqrt(1.5), d = Math.Max(expected, _leastTransformed);
        double counts = (d * d / 4) + (root / (4 * d)) - (11 / (8 * d * d))
            + (5 * root / (8 * d * d * d)) - 0.125 - (_read / (_gain * _gain));
        return Math.Max(_gain * counts, _leastLight) + _offset;
    }
}
