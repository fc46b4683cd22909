using Klar.Numerics;

namespace Klar.Noise;

/// <summary>
/// A camera with 16 bits: y = round(offset + gain · Poisson(photons · x) + N(0, read²)), cut off at 0 and 65535 grey
/// levels. The result has the scale 0..65535, whatever the clean image's.
/// </summary>
public sealed record CameraNoise : NoiseModel
{
    private const double White = 65535;
    private const ulong ReadNoiseIndex = 1UL << 63; // far from every index of the photons

    /// <summary>Grey levels a photon, read noise and offset in grey levels, photons of a white pixel.</summary>
    public CameraNoise(float gain, float readNoise, float offset, float photons) =>
        (Gain, ReadNoise, Offset, Photons) = (gain, readNoise, offset, photons);

    /// <summary>Grey levels a photon, above 0 and up to 65535.</summary>
    public float Gain { get; init => field = Require.Within(Require.Positive(value), 0, 65535); }

    /// <summary>σ of the read noise in grey levels.</summary>
    public float ReadNoise { get; init => field = Require.NotNegative(value); }

    /// <summary>The grey level where there is no light.</summary>
    public float Offset { get; init => field = Require.Within(value, 0, 65535); }

    /// <summary>Photons in a white pixel, up to 1e6.</summary>
    public float Photons { get; init => field = Require.Within(Require.Positive(value), 0, 1e6f); }

    /// <summary>What the camera would show without noise, in the same scale.</summary>
    public Image Expected(Image clean)
    {
        ArgumentNullException.ThrowIfNull(clean);
        return Made(clean, [.. clean.Planes.Select(Expected)]);
    }

    private Plane Expected(Plane clean) =>
        Plane.Create(clean.Width, clean.Height, (clean, self: this), static (to, from) =>
    {
        for (int i = 0; i < to.Length; i++)
        {
            double grey = from.self.Offset + (from.self.Gain * from.self.Photons * from.clean.Samples[i]);
            to[i] = (float)(grey / White);
        }
    });

    private protected override Image Made(Image clean, IReadOnlyList<Plane> planes) =>
        new(planes, new SampleScale(0, White, Bounded: true));

    private protected override double Draw(double clean, CounterRandom random, ulong index)
    {
        double light = Gain * random.Poisson(Photons * Math.Max(0, clean), index);
        double grey = Offset + light + (ReadNoise * random.Normal(index | ReadNoiseIndex));
        return Math.Clamp(Math.Round(grey), 0, White) / White;
    }
}
