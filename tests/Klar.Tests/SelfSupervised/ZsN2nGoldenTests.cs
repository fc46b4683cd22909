using System.Text.Json;
using Klar.Networks;
using Klar.SelfSupervised.ZsN2n;
using Klar.Tests.Support;

namespace Klar.Tests.SelfSupervised;

/// <summary>Twenty training steps beside PyTorch's in double precision, from the same weights.</summary>
public sealed class ZsN2nGoldenTests
{
    public static TheoryData<int, int, int> Cases => new() { { 1, 44, 38 }, { 3, 44, 38 }, { 1, 43, 37 } };

    [Theory]
    [MemberData(nameof(Cases))]
    public void First_gradient_losses_weights_and_output_match_PyTorch(int channels, int width, int height)
    {
        string tag = $"zsn2n_c{channels}_{height}x{width}";
        ZsN2nTraining training = Start(tag, channels, width, height, threads: 2);
        JsonElement expected = Golden.Values.GetProperty("zsn2n").EnumerateArray().Single(entry =>
            entry.GetProperty("channels").GetInt32() == channels && entry.GetProperty("height").GetInt32() == height);
        double[] losses = [.. expected.GetProperty("losses").EnumerateArray().Select(static loss => loss.GetDouble())];

        foreach (TrainingStep step in training.Steps(CancellationToken.None).Take(20))
        {
            // The header of golden.json: a float run agrees with the double one to about 1e-5 relative.
            Assert.Equal(1, step.Loss / losses[step.Number - 1], 2e-5);
            if (step.Number == 1)
            {
                Compare(training, training.Gradient, tag + "_grad0", relative: 2e-5);
            }
        }

        // Adam divides by the root of the squared gradient: where a gradient is as small as its rounding error a weight
        // may differ by a fair part of a step. 20 steps of 1e-3 with 2 % of one such step:
        Compare(training, training.Weights.Parameters, tag + "_after20", relative: 0, absolute: 2e-5);
        float[][] output = training.Denoised(CancellationToken.None);
        Golden.Matches(Golden.Floats(tag + "_output"), output.SelectMany(static plane => plane).ToArray(), 2e-5, tag);
    }

    [Fact]
    public void A_wrong_rate_would_not_pass_for_the_golden_run()
    {
        ZsN2nTraining training =
            Start("zsn2n_c1_38x44", 1, 44, 38, threads: 1, new ZsN2nOptions { LearningRate = 1.02e-3 });
        _ = training.Steps(CancellationToken.None).Take(20).Last();
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() =>
            Compare(training, training.Weights.Parameters, "zsn2n_c1_38x44_after20", relative: 0, absolute: 2e-5));
    }

    [Fact]
    public void Any_number_of_threads_gives_the_same_bits()
    {
        float[] expected = AfterFiveSteps(1);
        foreach (int threads in (int[])[2, 3, 8])
        {
            Assert.Equal(expected, AfterFiveSteps(threads));
        }
    }

    internal static float[] AfterFiveSteps(int threads)
    {
        // 130 x 97: several tiles, and an odd last row.
        float[] noisy = Samples.Gaussian(130 * 97, seed: 9, sigma: 0.2);
        var training = new ZsN2nTraining([noisy], 130, 97, new ZsN2nOptions(), threads);
        InitialWeights.Uniform(training.Weights.Stack, 5, training.Weights.Parameters);
        _ = training.Steps(CancellationToken.None).Take(5).Last();
        return [.. training.Weights.Parameters, .. training.Denoised(CancellationToken.None)[0]];
    }

    internal static ZsN2nTraining Start(
        string tag, int channels, int width, int height, int threads, ZsN2nOptions? options = null)
    {
        float[] all = Golden.Floats(tag + "_y");
        float[][] noisy =
        [
            .. Enumerable.Range(0, channels).Select(c => all.AsSpan(c * width * height, width * height).ToArray())
        ];
        var training = new ZsN2nTraining(noisy, width, height, options ?? new ZsN2nOptions(), threads);
        for (int l = 0; l < 3; l++)
        {
            training.Weights.Stack.SetWeights(
                l, Golden.Floats($"{tag}_init_c{l + 1}.weight"), training.Weights.Parameters);
            Golden.Floats($"{tag}_init_c{l + 1}.bias").CopyTo(
                training.Weights.Parameters, training.Weights.Stack.BiasAt(l));
        }

        return training;
    }

    private static void Compare(
        ZsN2nTraining training, float[] parameters, string name, double relative, double absolute = 0)
    {
        for (int l = 0; l < 3; l++)
        {
            float[] weights = Golden.Floats($"{name}_c{l + 1}.weight");
            double allowed = absolute + (relative * weights.Max(MathF.Abs));
            Golden.Matches(
                weights, training.Weights.Stack.GetWeights(l, parameters), allowed,
                $"{name}, weights of layer {l + 1}");
            float[] bias = Golden.Floats($"{name}_c{l + 1}.bias");
            allowed = absolute + (relative * Math.Max(weights.Max(MathF.Abs), bias.Max(MathF.Abs)));
            Golden.Matches(
                bias, parameters.AsSpan(training.Weights.Stack.BiasAt(l), bias.Length), allowed,
                $"{name}, biases of layer {l + 1}");
        }
    }
}
