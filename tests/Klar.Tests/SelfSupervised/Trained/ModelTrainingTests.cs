using Klar.Networks;
using Klar.Noise;
using Klar.SelfSupervised.Neighbor2Neighbor;
using Klar.SelfSupervised.Noise2Noise;
using Klar.SelfSupervised.Trained;
using Klar.Tests.Support;

namespace Klar.Tests.SelfSupervised.Trained;

public sealed class ModelTrainingTests
{
    private static readonly TrainingOptions Short = new() { Steps = 6, Batch = 3, LearningRate = 1e-3 };

    public static TheoryData<string> Methods => ["noise2noise", "neighbor2neighbor"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void It_goes_on_from_a_checkpoint_with_the_same_bits_on_any_number_of_threads(string method)
    {
        ModelTraining unbroken = Training(method, threads: 1);
        Assert.Equal(6, unbroken.Steps().Last().Number);

        ModelTraining first = Training(method, threads: 3);
        _ = first.Steps().Take(2).Last();
        using var file = new MemoryStream();
        first.Save(file, "these images");
        file.Position = 0;
        ModelTraining second = Training(method, threads: 2);
        second.Resume(file, "these images");
        Assert.Equal(3, second.Steps().First().Number);
        _ = second.Steps().Last();
        Assert.Equal(unbroken.Losses, second.Losses);
        Assert.Equal(Bytes(unbroken.Model()), Bytes(second.Model()));
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_cancelled_step_has_not_been_taken(string method)
    {
        ModelTraining training = Training(method, threads: 2);
        _ = training.Steps().Take(2).Last();
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => training.Steps(source.Token).First());
        Assert.Equal(2, training.Losses.Count);
        _ = training.Steps().Last();
        ModelTraining unbroken = Training(method, threads: 2);
        _ = unbroken.Steps().Last();
        Assert.Equal(Bytes(unbroken.Model()), Bytes(training.Model()));
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_refused()
    {
        ModelTraining training = Training("noise2noise", threads: 2);
        _ = training.Steps().First();
        using var file = new MemoryStream();
        training.Save(file, "these images");
        foreach ((ModelTraining other, string data) in (IEnumerable<(ModelTraining, string)>)
            [(Training("noise2noise", threads: 2), "others"), (
                Training("neighbor2neighbor", threads: 2), "these images")])
        {
            file.Position = 0;
            Assert.Contains(
                "other images or settings", Assert.Throws<InvalidDataException>(() => other.Resume(file, data)).Message,
                StringComparison.Ordinal);
        }

        using var cut = new MemoryStream(file.ToArray()[..5000]);
        Assert.Throws<InvalidDataException>(() => Training("noise2noise", threads: 2).Resume(cut, "these images"));
    }

    [Fact]
    [Trait("Category", Long.Category)]
    public void Noise2Noise_learns_to_denoise()
    {
        // A few hundred steps on discs: from 20.2 dB to more than 24.
        var training = new Noise2NoiseTraining(
            [.. Enumerable.Range(0, 4).Select(static i => (Noisy((ulong)i, 1), Noisy((ulong)i, 2)))],
            new TrainingOptions { Steps = 300, LearningRate = 1e-3 });
        _ = training.Steps().Last();
        Image noisy = Noisy(picture: 9, seed: 3), result = new ModelDenoiser(training.Model()).Denoise(noisy).Image;
        Assert.InRange(Psnr(noisy, 9), 20, 20.5);
        Assert.True(Psnr(result, 9) > 24, $"{Psnr(result, 9)} dB");
    }

    [Fact]
    public void Takes_of_different_size_or_kind_are_refused()
    {
        Image one = new(Samples.Picture(70, 64)), other = new(Samples.Picture(64, 70)),
            colour = new([Samples.Picture(70, 64), Samples.Picture(70, 64), Samples.Picture(70, 64)]);
        Assert.Throws<ArgumentException>(() => new Noise2NoiseTraining([(one, other)]));
        Assert.Throws<ArgumentException>(() => new Neighbor2NeighborTraining([one, colour]));
        Assert.Throws<ArgumentOutOfRangeException>(static () => new Neighbor2NeighborTraining([]));
        Assert.Equal(
            "CropSize",
            Assert.Throws<OptionOutOfRangeException>(static () => new TrainingOptions { CropSize = 100 }).ParamName);
    }

    [Fact]
    public void Pairs_are_neighbours_never_diagonal_and_all_eight_are_drawn()
    {
        const int Side = 64;
        var pairs = new NeighborPairs(seed: 4, Side, Side);
        var picture = new FeatureMap(1, Side, Side);
        float[] numbers = [.. Enumerable.Range(0, Side * Side).Select(static i => (float)i)];
        ReflectPadding.Fill(numbers, Side, Side, picture, 0);
        FeatureMap first = new(1, Side / 2, Side / 2), second = new(1, Side / 2, Side / 2);
        var counts = new Dictionary<(int, int), int>();
        for (ulong number = 0; number < 4; number++)
        {
            pairs.Draw(number);
            pairs.Of(picture, first, second);
            for (int cell = 0; cell < Side * Side / 4; cell++)
            {
                (int x, int y) = (cell % (Side / 2), cell / (Side / 2));
                (int one, int other) = ((int)first.Row(y)[x * first.Stride], (int)second.Row(y)[x * second.Stride]);
                ((int oneX, int oneY), (
                    int otherX, int otherY)) = ((one % Side, one / Side), (other % Side, other / Side));
                Assert.Equal((x, y, x, y), (oneX / 2, oneY / 2, otherX / 2, otherY / 2));
                Assert.Equal(1, Math.Abs(oneX - otherX) + Math.Abs(oneY - otherY));
                (int, int) pair = ((oneX % 2) + (2 * (oneY % 2)), (otherX % 2) + (2 * (otherY % 2)));
                counts[pair] = counts.GetValueOrDefault(pair) + 1;
            }
        }

        // 4096 cells, 512 of each kind expected, with a standard deviation of 21.
        Assert.Equal(8, counts.Count);
        Assert.All(counts.Values, static count => Assert.InRange(count, 512 - (5 * 21), 512 + (5 * 21)));
    }

    [Fact]
    public void Crops_come_from_every_scene_as_its_size_says_and_from_both_takes()
    {
        // Constants tell scenes and takes apart.
        Scene[] scenes = [Of(128, 0, 1), Of(256, 2, 3)];
        var crops = new SceneCrops(scenes, 64, seed: 1);
        FeatureMap first = new(1, 64, 64), second = new(1, 64, 64);
        int[] counts = new int[4];
        for (ulong number = 0; number < 2000; number++)
        {
            crops.Fill(number, 0, first);
            crops.Fill(number, 1, second);
            (int one, int other) = ((int)first.Row(5)[0], (int)second.Row(5)[0]);
            Assert.Equal(one ^ 1, other);
            counts[one]++;
        }

        // Pixels are 1 to 4: 400 and 1600 crops, half of each from either take.
        Assert.All(counts[..2], static count => Assert.InRange(count, 140, 260));
        Assert.All(counts[2..], static count => Assert.InRange(count, 700, 900));

        static Scene Of(int side, float one, float other) =>
            new([[Filled(side, one)], [Filled(side, other)]], side, side);
        static float[] Filled(int side, float level)
        {
            float[] samples = new float[side * side];
            samples.AsSpan().Fill(level);
            return samples;
        }
    }

    private static ModelTraining Training(string method, int threads)
    {
        var run = new RunSettings { Threads = threads, Seed = 8 };
        return method == "noise2noise"
            ? new Noise2NoiseTraining([(Noisy(1, 1), Noisy(1, 2)), (Noisy(2, 1), Noisy(2, 2))], Short, run)
            : new Neighbor2NeighborTraining([Noisy(1, 1), Noisy(2, 1)], Short, run);
    }

    private static Image Noisy(ulong picture, ulong seed) =>
        new GaussianNoise(25).AddTo(
            new Image(Samples.Picture(90, 75, picture + 1)), clip: false, new RunSettings { Seed = seed });

    private static double Psnr(Image image, ulong picture) => -10 * Math.Log10(
        image.Planes[0].Samples
            .ToArray()
            .Zip(Samples.Picture(90, 75, picture + 1).Samples.ToArray(), static (a, b) => (double)(a - b) * (a - b))
            .Average());

    private static byte[] Bytes(TrainedModel model)
    {
        using var file = new MemoryStream();
        model.Save(file);
        return file.ToArray();
    }
}
