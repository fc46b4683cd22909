using Klar.NonLocal.Bm3d;
using Klar.NonLocal.Lichi;
using Klar.NonLocal.NlRidge;

namespace Klar.SelfSupervised.Klar;

/// <summary>What an effort buys: patch methods, and training steps.</summary>
internal sealed record KlarPlan(IReadOnlyList<string> Pilots, int Steps)
{
    public static KlarPlan For(KlarOptions options)
    {
        KlarPlan plan = options.Effort switch
        {
            Effort.Fast => new(["bm3d"], 250),
            Effort.Normal => new(["nl-ridge", "bm3d"], 1200),
            _ => new(["lichi", "nl-ridge", "bm3d"], 2400),
        };
        return options.Steps > 0 ? plan with { Steps = options.Steps } : plan;
    }

    /// <summary>The pilot of that name for noise of that level.</summary>
    public static IDenoiser Pilot(string name, AdditiveNoise noise, RunSettings run) => name switch
    {
        "lichi" => new LichiDenoiser(new LichiOptions { Sigma = noise.Sigma }, run),
        "nl-ridge" => new NlRidgeDenoiser(new NlRidgeOptions { Sigma = noise.Sigma }, run),
        _ => new Bm3dDenoiser(noise, run),
    };
}
