using System.Globalization;
using Klar.Networks;
using Klar.Numerics;
using Klar.Prior;

namespace Klar.Benchmarks;

/// <summary>
/// What the prior makes where there is nothing, or almost nothing: flat grey with noise, flat grey without, single
/// bright pixels, gratings.
/// </summary>
internal static class PriorInventions
{
    private const int Side = 256;
    private const int Inner = 32;
    private static readonly Network Prior = PriorNetwork.Of();

    /// <summary><c>prior-invents MODEL</c>: tables for docs/algorithms/prior.md.</summary>
    public static void Run(string model)
    {
        using FileStream file = File.OpenRead(model);
        var output = new PriorOutput(Prior, PriorWeights.Load(file, Prior).Weights, threads: 1);
        Say("| noise | sigma | left, grey levels | of it waves above 16 px | largest departure |");
        Say("|---|---|---|---|---|");
        foreach (float blur in (float[])[0, 0.7f, 1.2f])
        {
            foreach (float sigma in (float[])[10, 25, 50])
            {
                (float[] noise, float lag) = Noise(blur, seed: 5);
                float[] left = Of(output, Array.ConvertAll(noise, n => 0.5f + (sigma / 255 * n)), sigma, lag);
                float[] inside = Middle(Array.ConvertAll(left, sample => 255 * (sample - 0.5f)));
                var coarse = new Klar.Generated.Grid(Side - (2 * Inner), Side - (2 * Inner));
                inside.CopyTo(coarse.Values, 0);
                FormattableString kind = blur == 0 ? (FormattableString)$"white" : $"blurred by {blur} px";
                double slow = Rms(coarse.Blurred(4).Values) / Rms(inside);
                Say(
                    CultureInfo.InvariantCulture,
                    $"| {kind} | {sigma} | {Rms(inside):F2} | {slow:P0} | {inside.Max(MathF.Abs):F1} |");
            }
        }

        Say("\n| flat grey without noise, told sigma | middle, grey levels | border | corner |\n|---|---|---|---|");
        foreach (float sigma in (float[])[2, 10, 25, 50])
        {
            float[] grey = Of(output, [.. Enumerable.Repeat(0.4f, Side * Side)], sigma, 0);
            float[] made = Array.ConvertAll(grey, static sample => 255 * (sample - 0.4f));
            float border = made.AsSpan(100, 50).ToArray().Max(MathF.Abs);
            Say(
                CultureInfo.InvariantCulture,
                $"| {sigma} | {Middle(made).Max(MathF.Abs):F2} | {border:F2} | {made.Max(MathF.Abs):F2} |");
        }

        Say("\n| one bright pixel on grey 0.2, height in sigma | kept, sigma 10 | sigma 25 |\n|---|---|---|");
        foreach (float height in (float[])[3, 5, 8])
        {
            Say(CultureInfo.InvariantCulture,
                $"| {height} | {Kept(output, height, 10):P0} | {Kept(output, height, 25):P0} |");
        }

        Say("\n| grating of contrast 0.2 (0.4 to 0.6), period in pixels | contrast kept at sigma 10 | 25 |");
        Say("|---|---|---|");
        foreach (float period in (float[])[2.2f, 3, 4, 6, 10])
        {
            Say(CultureInfo.InvariantCulture,
                $"| {period} | {Grating(output, period, 10):P0} | {Grating(output, period, 25):P0} |");
        }
    }

    /// <summary>The mean height of lone pixels where they were, over their true height.</summary>
    private static double Kept(PriorOutput output, float height, float sigma)
    {
        (float[] noise, _) = Noise(0, seed: 6);
        float[] noisy = Array.ConvertAll(noise, n => 0.2f + (sigma / 255 * n)), made;
        for (int i = 0; i < 64; i++)
        {
            noisy[Place(i)] += height * sigma / 255;
        }

        made = Of(output, noisy, sigma, 0);
        return Enumerable.Range(0, 64).Average(i => (made[Place(i)] - 0.2f) / (height * sigma / 255));
    }

    private static int Place(int i) => ((20 + (i / 8 * 28)) * Side) + 20 + (i % 8 * 28);

    private static double Grating(PriorOutput output, float period, float sigma)
    {
        (float[] noise, _) = Noise(0, seed: 7);
        float[] wave = [.. Enumerable.Range(0, Side * Side)
            .Select(i => (float)Elementary.CosPi(2 * ((i % Side * 0.8) + (i / Side * 0.6)) / period))];
        float[] made = Of(output, [.. wave.Select((w, i) => 0.5f + (0.1f * w) + (sigma / 255 * noise[i]))], sigma, 0);
        float[] middle = Middle(wave);
        return Middle(made).Zip(middle, static (m, w) => (m - 0.5) * w).Sum() / (0.1 * middle.Sum(static w => w * w));
    }

    private static float[] Of(PriorOutput output, float[] noisy, float sigma, float lag)
    {
        float[] level = new float[noisy.Length];
        level.AsSpan().Fill(sigma / 255);
        return output.Of(noisy, level, (lag, lag), Side, Side, null, CancellationToken.None);
    }

    private static (float[] Noise, float Lag) Noise(float blur, ulong seed)
    {
        var random = new CounterRandom(seed, RandomStream.AddedNoise);
        var grid = new Klar.Generated.Grid(Side, Side);
        for (int i = 0; i < grid.Values.Length; i++)
        {
            grid.Values[i] = (float)random.Normal((ulong)i);
        }

        if (blur == 0)
        {
            return (grid.Values, 0);
        }

        float[] values = grid.Blurred(blur).Values;
        float rms = (float)Rms(values);
        values = Array.ConvertAll(values, value => value / rms);
        return (values, Enumerable.Range(0, values.Length - 1).Average(i => values[i] * values[i + 1]));
    }

    private static float[] Middle(float[] all) =>
        [.. Enumerable.Range(Inner, Side - (2 * Inner))
        .SelectMany(y => all.AsSpan((y * Side) + Inner, Side - (2 * Inner)).ToArray())];

    private static double Rms(float[] values) => Math.Sqrt(values.Average(static value => (double)value * value));

    private static void Say(string text) => Console.WriteLine(text);

    private static void Say(CultureInfo culture, FormattableString text) => Console.WriteLine(text.ToString(culture));
}
