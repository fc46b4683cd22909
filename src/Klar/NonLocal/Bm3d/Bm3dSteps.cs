namespace Klar.NonLocal.Bm3d;

/// <summary>BM3D's two steps for noise of known level and autocorrelation.</summary>
internal sealed class Bm3dSteps : ITwoSteps
{
    private readonly bool _isColour;
    private readonly float[] _sigmas;
    private readonly NoiseMap? _map;
    private readonly Bm3dProfile _profile;
    private readonly PatchTransform _wavelet = PatchTransform.Wavelet();
    private readonly PatchTransform _cosine;
    private readonly float[] _ofWavelet;
    private readonly float[] _ofCosine;

    /// <param name="sigmas">σ of each channel; of three the first is red.</param>
    /// <param name="autocorrelation">Of the noise, 9 × 9; null for white noise.</param>
    /// <param name="isCompressed">Whether the noise went through JPEG compression.</param>
    /// <param name="map">How the level varies over the page; null where it does not.</param>
    public Bm3dSteps(float[] sigmas, IReadOnlyList<double>? autocorrelation, bool isCompressed, NoiseMap? map = null)
    {
        _isColour = sigmas.Length == 3;
        _sigmas = _isColour ? OpponentColours.Sigmas(sigmas) : sigmas;
        _map = map;
        float level = (float)Math.Sqrt(sigmas.Average(static sigma => (double)sigma * sigma));
        _profile = Bm3dProfile.For(level).Against(autocorrelation, isCompressed);
        _cosine = PatchTransform.Cosine(_profile.Final.Patch);
        _ofWavelet = _wavelet.Variances(autocorrelation);
        _ofCosine = _cosine.Variances(autocorrelation);
    }

    public PatchSearchSettings First => _profile.Basic;

    public PatchSearchSettings Second => _profile.Final;

    public float[][] Forward(float[][] channels) => _isColour ? OpponentColours.FromRgb(channels) : channels;

    public float[][] Inverse(float[][] channels) => _isColour ? OpponentColours.ToRgb(channels) : channels;

    public float[] Guide(float[][] channels) => channels[0];

    public IGroupEstimate FirstEstimate(float[][] noisy, int width) =>
        new BasicEstimate(noisy, width, _sigmas, _profile, _wavelet, _ofWavelet, _map);

    public IGroupEstimate SecondEstimate(float[][] noisy, float[][] pilot, int width) =>
        new FinalEstimate(noisy, pilot, width, _sigmas, _profile.Final.GroupSize, _cosine, _ofCosine, _map);
}
