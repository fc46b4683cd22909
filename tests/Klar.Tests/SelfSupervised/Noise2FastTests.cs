using Klar.Noise;
using Klar.SelfSupervised.Noise2Fast;
using Klar.Tests.Support;

namespace Klar.Tests.SelfSupervised;

public sealed class Noise2FastTests
{
    [Theory]
    [InlineData(8, 6)]
    [InlineData(7, 5)]
    [InlineData(2, 2)]
    public void Halves_are_the_cells_of_a_checkerboard_beside_their_neighbours(int width, int height)
    {
        float[] picture = [.. Enumerable.Range(0, width * height).Select(static i => (float)i)];
        CheckerboardHalves columns = CheckerboardHalves.OfColumns(picture, width, width, height),
            rows = CheckerboardHalves.OfRows(picture, width, width, height);
        Assert.Equal((width / 2 * 2, height / 2, width / 2, height / 2 * 2), (
            columns.Width, columns.Height, rows.Width, rows.Height));
        foreach (CheckerboardHalves halves in (CheckerboardHalves[])[columns, rows])
        {
            int samples = width / 2 * 2 * (height / 2 * 2);
            Assert.Equal(samples, halves.Even.Concat(halves.Odd).Distinct().Count());
            for (int i = 0; i < halves.Even.Length; i++)
            {
                ((int evenX, int evenY), (int oddX, int oddY)) = (Place(halves.Even[i]), Place(halves.Odd[i]));
                Assert.Equal((0, 1), ((evenX + evenY) % 2, (oddX + oddY) % 2));

                // Pushed up and down a pair stands in one column, pushed left and right in one row.
                Assert.Equal(halves == columns ? (0, 1) : (1, 0), (Math.Abs(evenX - oddX), Math.Abs(evenY - oddY)));
                Assert.Equal(halves == columns ? (i % halves.Width, i / halves.Width) : (
                    i % halves.Width, i / halves.Width), halves == columns ? (evenX, evenY / 2) : (evenX / 2, evenY));
            }
        }

        (int X, int Y) Place(float number) => ((int)number % width, (int)number / width);
    }

    [Fact]
    public void It_stops_when_the_score_gets_no_better_and_averages_the_outputs_after_the_best()
    {
        float[] noisy = Noisy(40, 32).Planes[0].Samples.ToArray();
        (float least, float greatest) = (noisy.Min(), noisy.Max());
        float[] scaled = Array.ConvertAll(noisy, sample => (sample - least) / (greatest - least));
        var training = new Noise2FastTraining(scaled, 40, 32, 1e-3, seed: 6, threads: 1);
        var outputs = new List<float[]>();
        var scores = new List<double>();
        const int Patience = 4;
        while (scores.Count < 2 || scores.Count - 1 - scores.IndexOf(scores.Min()) < Patience)
        {
            _ = training.Step(CancellationToken.None);
            float[] output = new float[noisy.Length];
            scores.Add(training.Output(output, CancellationToken.None));
            Assert.Equal(scaled.Zip(output, static (a, b) => (double)(a - b) * (a - b)).Average(), scores[^1], 1e-9);
            outputs.Add(output);
        }

        Denoised result = new Noise2FastDenoiser(
            new Noise2FastOptions { Patience = Patience }, new RunSettings { Seed = 6 }).Denoise(Noisy(40, 32));
        Assert.Equal(
            scores.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), result.Report.Settings["steps"]);
        for (int i = 0; i < noisy.Length; i++)
        {
            double mean = outputs.TakeLast(Patience).Average(output => (double)output[i]);
            Assert.Equal(least + (mean * (greatest - least)), result.Image.Planes[0].Samples[i], 2e-6);
        }
    }

    [Fact]
    public void Stopped_by_the_limit_it_averages_only_real_outputs()
    {
        // The score gets better with nearly every one of the first steps.
        Denoised one = new Noise2FastDenoiser(new Noise2FastOptions { Steps = 3 }).Denoise(Noisy(40, 32));
        Assert.All(one.Image.Planes[0].Samples.ToArray(), static sample => Assert.InRange(sample, -0.5f, 1.5f));
        float[] samples = Noisy(40, 32).Planes[0].Samples.ToArray();
        Assert.InRange(one.Image.Planes[0].Samples.ToArray().Average(), samples.Min(), samples.Max());
    }

    [Fact]
    public void Channels_are_taken_one_by_one()
    {
        Image two = new([.. Noisy(40, 32).Planes, Samples.Picture(40, 32, 8)]);
        var denoiser = new Noise2FastDenoiser(new Noise2FastOptions { Steps = 5 });
        Image both = denoiser.Denoise(two).Image;
        for (int c = 0; c < 2; c++)
        {
            Assert.Equal(denoiser.Denoise(new Image(two.Planes[c])).Image.Planes[0].Samples, both.Planes[c].Samples);
        }
    }

    private static Image Noisy(int width, int height) => new GaussianNoise(25).AddTo(
        new Image(Samples.Picture(width, height)), clip: false, new RunSettings { Seed = 1 });
}
