using Klar.Networks;
using Klar.Tests.Support;

namespace Klar.Tests.Networks;

[Trait("Category", "Kernel")]
public sealed class TrainingPartsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(50)]
    public void Adam_follows_its_algorithm(int length)
    {
        float[] weights = Samples.Gaussian(length, seed: 1);
        double[] expected = Array.ConvertAll(weights, static w => (double)w);
        double[] m = new double[length], v = new double[length];
        var adam = new Adam(length);
        using FencedBuffer actual = new(weights);
        for (int step = 1; step <= 5; step++)
        {
            using FencedBuffer gradient = new(Samples.Gaussian(length, seed: (ulong)step + 10));
            adam.BeginStep(1e-3);
            adam.Update(actual.Span, gradient.Span, from: 0);
            for (int i = 0; i < length; i++)
            {
                double g = gradient.Span[i];
                m[i] = (0.9 * m[i]) + (0.1 * g);
                v[i] = (0.999 * v[i]) + (0.001 * g * g);
                double corrected = m[i] / (1 - Math.Pow(0.9, step));
                expected[i] -= 1e-3 * corrected / (Math.Sqrt(v[i] / (1 - Math.Pow(0.999, step))) + 1e-8);
            }
        }

        for (int i = 0; i < length; i++)
        {
            // Each step moves by about 1e-3, known to some 1e-6 of that, and rounds the weight once: 6e-8 of at most 4.
            Close.Assert(expected[i], actual.Span[i], 5 * (2.5e-7 + 2e-9), i);
        }
    }

    [Theory]
    [InlineData(1, 1e-3)]
    [InlineData(1000, 1e-3)]
    [InlineData(1001, 5e-4)]
    [InlineData(3000, 2.5e-4)]
    public void The_rate_falls_after_every_so_many_steps(int step, double rate) =>
        Assert.Equal(rate, new StepSchedule(1e-3, 1000, 0.5).At(step), 1e-12);

    [Theory]
    [InlineData(1, 1.2e-4)]
    [InlineData(11, 0.0008854918453923021)]
    [InlineData(29, 0.0029915586583022778)]
    [InlineData(30, 0.003)]
    [InlineData(31, 0.002998489605853573)]
    [InlineData(61, 0.0017678402708565862)]
    [InlineData(100, 1.2e-8)]
    // OneCycleLR(max_lr=3e-3, total_steps=100), PyTorch 1.13
    public void One_cycle_is_that_of_PyTorch(int step, double rate) =>
        Assert.Equal(rate, new OneCycleSchedule(3e-3, 100).At(step), 1e-15);

    [Theory]
    [InlineData(1, 2e-3)]
    [InlineData(6, 1.1e-3)]
    [InlineData(11, 2e-4)]
    [InlineData(50, 2e-4)]
    public void Cosine_falls_from_its_first_rate_to_its_last(int step, double rate) =>
        Assert.Equal(rate, new CosineSchedule(2e-3, 11, 2e-4).At(step), 1e-15);

    [Fact]
    public void AdamW_decays_weights_as_PyTorch_does()
    {
        // AdamW(lr=1e-2, weight_decay=0.1), gradient (1, 2, -3) times the step's number, five steps, double
        // precision, PyTorch 1.13.
        float[] weights = [1, -2, 0.5f];
        var adam = new Adam(3, weightDecay: 0.1);
        for (int step = 1; step <= 5; step++)
        {
            adam.BeginStep(1e-2);
            adam.Update(weights, [step, 2 * step, -3 * step], 0);
        }

        double[] expected = [0.9465993018538774, -2.0384306682955518, 0.5459156833328639];
        for (int i = 0; i < 3; i++)
        {
            Close.Assert(expected[i], weights[i], 1e-6, i); // five roundings of numbers up to 2
        }
    }

    [Fact]
    public void An_average_that_begins_with_the_training_forgets_its_first_steps_sooner()
    {
        var average = new AveragedWeights(1, decay: 0.9);
        double expected = 0;
        for (int step = 1; step <= 200; step++)
        {
            average.AddEarly([step], step);
            expected = step == 1 ? 1 : expected + (Math.Max(0.1, 9.0 / (step + 10)) * (step - expected));
        }

        Close.Assert(expected, average.Values[0], 1e-3, 0); // two hundred roundings of numbers up to 200
    }

    [Fact]
    public void The_average_of_weights_follows_its_definition()
    {
        var average = new AveragedWeights(19, decay: 0.9);
        double[] expected = new double[19];
        for (int step = 0; step < 4; step++)
        {
            float[] weights = Samples.Gaussian(19, seed: (ulong)step);
            average.Add(weights);
            for (int i = 0; i < 19; i++)
            {
                expected[i] = step == 0 ? weights[i] : (0.9 * expected[i]) + (0.1 * weights[i]);
            }
        }

        for (int i = 0; i < 19; i++)
        {
            Close.Assert(expected[i], average.Values[i], 1e-6, i); // three roundings of numbers up to 4
        }
    }

    [Fact]
    public void Initial_weights_fill_their_range_and_padding_stays_zero()
    {
        var stack = new ConvolutionStack(new ConvolutionLayer(3, 20, 3));
        float[] parameters = new float[stack.ParameterCount];
        InitialWeights.Uniform(stack, 1, parameters);
        float[] weights = stack.GetWeights(0, parameters);
        float bound = 1 / MathF.Sqrt(27);
        Assert.All(weights, weight => Assert.InRange(weight, -bound, bound));
        Assert.Equal(0, weights.Average(), 5 * bound / Math.Sqrt(3 * weights.Length));
        Assert.Equal(bound * bound / 3, weights.Average(static w => w * w), 0.1 * bound * bound / 3);
        Assert.Equal(weights.Length + 20, parameters.Count(static p => p != 0));
    }

    [Fact]
    public void Weights_come_out_as_they_went_in()
    {
        var stack = new ConvolutionStack(new ConvolutionLayer(3, 20, 3), new ConvolutionLayer(20, 2, 1));
        float[] parameters = new float[stack.ParameterCount];
        float[] weights = Samples.Gaussian(20 * 2, seed: 1);
        stack.SetWeights(1, weights, parameters);
        Assert.Equal(weights, stack.GetWeights(1, parameters));
    }

    [Fact]
    public void Layers_that_do_not_fit_are_refused() =>
        Assert.Throws<ArgumentException>(
            static () => new ConvolutionStack(new ConvolutionLayer(1, 8, 3), new ConvolutionLayer(9, 1, 1)));
}
