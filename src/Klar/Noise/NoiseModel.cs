using System.Globalization;
using Klar.Numerics;
using Klar.Scheduling;

namespace Klar.Noise;

/// <summary>A kind of noise and its strength: what is added to a clean image to make a noisy one.</summary>
public abstract record NoiseModel
{
    private const string Forms =
        "gaussian:25, poisson:25, uniform:0.2, poisson-gaussian:25:10, salt-pepper:0.05 or camera:2.2:2.5:100:60";

    /// <summary>
    /// Reads a noise as it is written everywhere in Klar, <c>gaussian:25</c> for example.
    /// </summary>
    /// <exception cref="FormatException">The text is no noise; the message says what is.</exception>
    public static NoiseModel Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string[] parts = text.Split(':');
        float[] numbers = new float[parts.Length - 1];
        for (int i = 0; i < numbers.Length; i++)
        {
            if (!float.TryParse(parts[i + 1], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]))
            {
                throw new FormatException($"'{text}' is not a noise: '{parts[i + 1]}' is not a number (write {Forms})");
            }
        }

        try
        {
            return (parts[0], numbers.Length) switch
            {
                ("gaussian", 1) => new GaussianNoise(numbers[0]),
                ("poisson", 1) => new PoissonNoise(numbers[0]),
                ("uniform", 1) => new UniformNoise(numbers[0]),
                ("poisson-gaussian", 2) => new PoissonGaussianNoise(numbers[0], numbers[1]),
                ("salt-pepper", 1) => new SaltPepperNoise(numbers[0]),
                ("camera", 4) => new CameraNoise(numbers[0], numbers[1], numbers[2], numbers[3]),
                _ => throw new FormatException($"'{text}' is not a noise (write {Forms})"),
            };
        }
        catch (ArgumentOutOfRangeException failure)
        {
            throw new FormatException($"'{text}' is not a noise: the number is out of range ({failure.ParamName})");
        }
    }

    /// <summary>
    /// Adds this noise to <paramref name="clean"/>; the same seed gives the same bits on any number of threads.
    /// </summary>
    /// <param name="clean">Samples in units of the nominal white.</param>
    /// <param name="clip">Whether the result is clipped to 0..1, as a camera with 8 bits would.</param>
    /// <param name="run">Seed and threads.</param>
    /// <param name="cancel">Stops the work.</param>
    public Image AddTo(Image clean, bool clip, RunSettings run, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(clean);
        ArgumentNullException.ThrowIfNull(run);
        var random = new CounterRandom(run.Seed, RandomStream.AddedNoise);
        var planes = new Plane[clean.Planes.Count];
        for (int c = 0; c < planes.Length; c++)
        {
            Plane plane = clean.Planes[c];
            float[] noisy = new float[plane.Samples.Length];
            ulong first = (ulong)c * (ulong)noisy.Length;
            Bands.ForEach(
                plane.Height,
                run.Threads,
                (from, to) =>
                {
                    ReadOnlySpan<float> samples = plane.Samples;
                    for (int i = from * plane.Width; i < to * plane.Width; i++)
                    {
                        double value = Draw(samples[i], random, first + (ulong)i);
                        noisy[i] = (float)(clip ? Math.Clamp(value, 0, 1) : value);
                    }
                },
                advanced: null,
                cancel);
            planes[c] = new Plane(plane.Width, plane.Height, noisy);
        }

        return Made(clean, planes);
    }

    /// <summary>
    /// The noisy image of its planes, in the scale of the clean one but for noise that brings its own.
    /// </summary>
    private protected virtual Image Made(Image clean, IReadOnlyList<Plane> planes) => clean.With(planes);

    /// <summary>The noisy value of a clean one; every number drawn is a function of <paramref name="index"/>.</summary>
    private protected abstract double Draw(double clean, CounterRandom random, ulong index);
}
