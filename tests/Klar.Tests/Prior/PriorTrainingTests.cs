using Klar.Networks;
using Klar.Prior;
using Klar.Tests.Support;

namespace Klar.Tests.Prior;

public sealed class PriorTrainingTests
{
    private static readonly PriorTrainingOptions Short = new() { Steps = 6, Batch = 5, CropSize = 24 };

    [Fact]
    public void It_goes_on_from_a_checkpoint_with_the_same_bits_on_any_number_of_threads()
    {
        PriorTraining unbroken = Small(threads: 1);
        Assert.Equal(6, unbroken.Steps().Last().Number);

        PriorTraining first = Small(threads: 3);
        _ = first.Steps().Take(2).Last();
        using var file = new MemoryStream();
        first.Save(file, "");
        file.Position = 0;
        PriorTraining second = Small(threads: 4);
        second.Resume(file, "");
        Assert.Equal(3, second.Steps().First().Number);
        _ = second.Steps().Last();
        Assert.Equal(unbroken.Losses, second.Losses);
        Assert.Equal(Checkpoint(unbroken), Checkpoint(second));
        Assert.Equal(6 * 5 * 24 * 24, second.PixelsSeen);
    }

    [Fact]
    public void A_cancelled_step_has_not_been_taken()
    {
        PriorTraining training = Small(threads: 2);
        _ = training.Steps().Take(2).Last();
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(() => training.Steps(source.Token).First());
        Assert.Equal(2, training.Losses.Count);
        _ = training.Steps().Last();
        PriorTraining unbroken = Small(threads: 2);
        _ = unbroken.Steps().Last();
        Assert.Equal(Checkpoint(unbroken), Checkpoint(training));
    }

    [Fact]
    public void A_checkpoint_of_another_training_is_refused()
    {
        PriorTraining training = Small(threads: 2);
        _ = training.Steps().First();
        using var file = new MemoryStream(Checkpoint(training));
        foreach (PriorTraining other in (PriorTraining[])[
            Small(2, Short with { Steps = 7 }), Small(2, Short with { LearningRate = 2e-3 }), Small(2, seed: 1)])
        {
            file.Position = 0;
            Assert.Throws<InvalidDataException>(() => other.Resume(file, ""));
            Assert.Empty(other.Losses);
        }
    }

    [Fact]
    [Trait("Category", "Kernel")]
    public void The_bits_are_the_same_at_every_register_width()
    {
        PriorTraining training = Small(threads: 1);
        _ = training.Steps().Take(3).Last();
        Fingerprints.Matches(
            "prior, a small one, three steps",
            [.. training.Losses, .. Array.ConvertAll(Checkpoint(training), static value => (float)value)]);
    }

    /// <summary>The weights that ship begin so; they can be made again by anyone.</summary>
    [Fact]
    public void The_first_steps_of_the_shipped_training_are_these()
    {
        var training = new PriorTraining(new PriorTrainingOptions(), new RunSettings());
        _ = training.Steps().Take(4).Last();
        Fingerprints.Matches("prior, the first four steps", [.. training.Losses]);
    }

    [Fact]
    public void It_learns()
    {
        PriorTraining training = Small(threads: 2, Short with { Steps = 120, LearningRate = 4e-3 });
        _ = training.Steps().Last();
        Assert.True(training.Losses.TakeLast(40).Average() < 0.6 * training.Losses.Take(10).Average());
    }

    [Fact]
    public void Its_network_is_as_wide_as_it_says()
    {
        Network network = PriorNetwork.Of();
        Assert.Equal((4, 1), (network.Channels, network.Outputs));

        // Everything the network could answer with depends on 60 pixels to each side: 6 convolutions at a half, 4 at a
        // quarter, 4 at an eighth of the size.
        Assert.Equal(60, PriorNetwork.Reach - 4);
        Assert.InRange(network.Parameters.ParameterCount * 2, 1_500_000, 3_000_000);
    }

    private static PriorTraining Small(int threads, PriorTrainingOptions? options = null, ulong seed = 0) =>
        new(options ?? Short, new RunSettings { Threads = threads, Seed = seed }, PriorNetwork.Of(16, 16, 16),
            window: 4);

    private static byte[] Checkpoint(PriorTraining training)
    {
        using var file = new MemoryStream();
        training.Save(file, "");
        return file.ToArray();
    }
}
