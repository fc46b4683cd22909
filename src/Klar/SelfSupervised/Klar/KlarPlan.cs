using Klar.NonLocal.Bm3d;
using Klar.NonLocal.Lichi;
using Klar.NonLocal.NlRidge;

namespace Klar.SelfSupervised.Klar;

/// <summary>What an effort buys: patch methods, and training steps.</summary>
/// <param name="Pilots">The patch methods; the last is the guide where noise depends on brightness.</param>
/// <param name="Steps">Training steps; 0 for no network.</param>
/// <param name="Doubtful">Whether the noise is not known well enough to train on recorrupted pairs.</param>
/// <param name="Alike">Whether the parts count alike, because the noise is not normal enough for an unbiased estimate of their risk.</param>
internal sealed record KlarPlan(IReadOnlyList<string> Pilots, int Steps, bool Doubtful = false, bool Alike = false)
{
    // LIChI's time and memory grow with the picture: beyond this many pixels it is left to the greatest effort.
    private const int MostForLichi = 1024 * 1024;
    private const double MostCorrelation = 0.25;

    /// <summary>The plan for a picture of so many pixels with this noise.</summary>
    public static KlarPlan For(KlarOptions options, AdditiveNoise? noise, long pixels)
    {
        // Of the patch methods BM3D alone models noise that is clipped or correlated.
        bool bm3dAlone = noise is { Clipped: true } or { Compressed: true }
            || Math.Abs(noise?.Lag1 ?? 0) > MostCorrelation;
        bool alike = !bm3dAlone && noise is not null && (noise.Stabilised || noise.Irregular);
        KlarPlan plan = options.Effort switch
        {
            // A network of so few steps is not worth as much as a patch method, and cannot be weighed.
            Effort.Fast when alike => new(["nl-ridge", "bm3d"], 0),
            Effort.Fast => new(["bm3d"], 250),
            Effort.Normal when bm3dAlone => new(["bm3d"], 1200),
            Effort.Best when bm3dAlone => new(["bm3d"], 2400),
            Effort.Normal when pixels > MostForLichi => new(["nl-ridge", "bm3d"], 1200),
            Effort.Normal => new(["lichi", "nl-ridge", "bm3d"], 800),
            _ => new(["lichi", "nl-ridge", "bm3d"], 2400),
        };
        plan = plan with { Doubtful = bm3dAlone || alike, Alike = alike };
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
