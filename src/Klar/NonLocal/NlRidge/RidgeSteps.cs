namespace Klar.NonLocal.NlRidge;

/// <summary>NL-Ridge's two steps for noise of known variance.</summary>
internal sealed class RidgeSteps(NoiseVariance variance, NlRidgeProfile profile) : ITwoSteps
{
    public PatchSearchSettings First => profile.First;

    public PatchSearchSettings Second => profile.Second;

    public float[][] Forward(float[][] channels) => channels;

    public float[][] Inverse(float[][] channels) => channels;

    public float[] Guide(float[][] channels) => MeanChannel.Of(channels);

    public IGroupEstimate FirstEstimate(float[][] noisy, int width) =>
        new RidgeEstimate(noisy, null, width, variance, First);

    public IGroupEstimate SecondEstimate(float[][] noisy, float[][] pilot, int width) =>
        new RidgeEstimate(noisy, pilot, width, variance, Second);
}
