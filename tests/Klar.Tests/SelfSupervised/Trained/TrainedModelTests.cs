using System.Text;
using Klar.Networks;
using Klar.SelfSupervised.Neighbor2Neighbor;
using Klar.SelfSupervised.Trained;
using Klar.Tests.Support;

namespace Klar.Tests.SelfSupervised.Trained;

public sealed class TrainedModelTests
{
    [Fact]
    public void A_model_comes_back_as_it_was()
    {
        TrainedModel model = Model(channels: 1, steps: 1, ("noise", "Gaussian"));
        using MemoryStream file = Saved(model);
        TrainedModel read = TrainedModel.Load(file);
        Assert.Equal((model.Method, model.Channels, model.Scale), (read.Method, read.Channels, read.Scale));
        Assert.Equal("Gaussian", read.Notes["noise"]);
        Assert.Equal("1", read.Notes["steps"]);
        Image noisy = new(Samples.Picture(50, 40));
        Assert.Equal(
            new ModelDenoiser(model).Denoise(noisy).Image.Planes[0].Samples,
            new ModelDenoiser(read).Denoise(noisy).Image.Planes[0].Samples);
    }

    [Fact]
    public void Weights_have_PyTorchs_names_and_shapes()
    {
        using MemoryStream file = Saved(Model(channels: 3, steps: 1));
        (IReadOnlyList<SafeTensors.Tensor> tensors, IReadOnlyDictionary<string, string> text) = SafeTensors.Read(file);
        Assert.Equal("pt", text["format"]);
        Assert.Equal(50, tensors.Count);
        Assert.Equal([48, 3, 3, 3], tensors.Single(static tensor => tensor.Name == "0.weight").Shape);
        // transposed: [in][out]
        Assert.Equal([48, 48, 2, 2], tensors.Single(static tensor => tensor.Name == "7.weight").Shape);
        Assert.Equal([96, 99, 3, 3], tensors.Single(static tensor => tensor.Name == "20.weight").Shape);
        Assert.Equal([3], tensors.Single(static tensor => tensor.Name == "24.bias").Shape);
    }

    [Fact]
    public void Foreign_and_damaged_files_are_refused_in_a_line()
    {
        byte[] good = Saved(Model(channels: 1, steps: 1)).ToArray();
        using var foreign = new MemoryStream();
        SafeTensors.Write(
            foreign, [new("lm_head.weight", [2, 2], [1, 2, 3, 4])],
            new Dictionary<string, string> { ["format"] = "pt" });
        byte[] infinite = [.. good];
        BitConverter.GetBytes(float.PositiveInfinity).CopyTo(infinite, good.Length - 4000);
        foreach ((byte[] bytes, string reason) in (IEnumerable<(byte[], string)>)
        [
            ([], "not a safetensors file"),
            (Encoding.ASCII.GetBytes("This is no model at all."), "not a safetensors file"),
            (foreign.ToArray(), "not a model that klar trained"),
            (good[..(good.Length / 2)], "cut short"),
            (infinite, "not all of its weights are numbers"),
            (Replaced(good, "unet-48", "unet-64"), "unet-64"),
            (Replaced(good, "\"klar.channels\":\"1\"", "\"klar.channels\":\"x\""), "its channels is 'x'"),
            (Replaced(good, "\"klar.channels\":\"1\"", "\"klar.channels\":\"2\""), "another network"),
        ])
        {
            using var file = new MemoryStream(bytes);
            InvalidDataException failure = Assert.Throws<InvalidDataException>(() => TrainedModel.Load(file));
            Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', failure.Message);
        }
    }

    [Fact]
    public void Any_byte_may_be_wrong()
    {
        byte[] good = Saved(Model(channels: 1, steps: 1)).ToArray();
        int header = 8 + (int)BitConverter.ToInt64(good);
        for (int at = 0; at < header; at += 3)
        {
            byte[] bad = [.. good.AsSpan(0, header), .. good.AsSpan(header)];
            bad[at] ^= 0x15;
            using var file = new MemoryStream(bad);
            try
            {
                _ = TrainedModel.Load(file);
            }
            catch (InvalidDataException)
            {
                // A line for the user; anything else fails the test.
            }
        }
    }

    [Fact]
    public void A_grey_model_takes_each_channel_and_a_colour_model_only_colours()
    {
        Image three = new([Samples.Picture(50, 40, 1), Samples.Picture(50, 40, 2), Samples.Picture(50, 40, 3)]);
        TrainedModel grey = Model(channels: 1, steps: 1);
        Image result = new ModelDenoiser(grey).Denoise(three).Image;
        for (int c = 0; c < 3; c++)
        {
            Assert.Equal(
                new ModelDenoiser(grey).Denoise(new Image(three.Planes[c])).Image.Planes[0].Samples,
                result.Planes[c].Samples);
        }

        UnsuitableImageException refusal = Assert.Throws<UnsuitableImageException>(
            () => new ModelDenoiser(Model(channels: 3, steps: 1)).Denoise(new Image(three.Planes[0])));
        Assert.Contains("3 channels", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Grey_levels_count_and_not_the_files_range()
    {
        // The same grey levels in a file of 8 bits and in one whose own range is twice as wide.
        Plane eight = Samples.Picture(64, 64);
        float[] half = Array.ConvertAll(eight.Samples.ToArray(), static sample => sample / 2);
        Image wide = new(Plane.From(64, 64, half), new SampleScale(0, 510, Bounded: true));
        TrainedModel model = Model(channels: 1, steps: 1);
        Golden.Matches(
            new ModelDenoiser(model).Denoise(new Image(eight)).Image.Planes[0].Samples,
            Array.ConvertAll(
                new ModelDenoiser(model).Denoise(wide).Image.Planes[0].Samples.ToArray(), static sample => 2 * sample),
            1e-5,
            "the same grey levels");
    }

    [Fact]
    public void A_stuck_pixel_does_not_set_the_scale()
    {
        float[] samples = Samples.Picture(100, 100).Samples.ToArray();
        samples[5050] = 250;
        ModelScale scale = ModelScale.Of([new Image(Plane.From(100, 100, samples))]);
        Assert.InRange(scale.White, 150, 255);
        ModelScale flat = ModelScale.Of([new Image(Plane.Create(10, 10, 0.5f, static (to, level) => to.Fill(level)))]);
        Assert.Equal(1, flat.Range);
    }

    [Fact]
    public void Tiles_give_what_the_whole_picture_gives()
    {
        // Wider than a tile; the network as it is before training: He's weights let everything through.
        const int Width = 500, Height = 90;
        Network network = UNet.Of(1, 0.1f);
        var weights = new PreparedWeights(network.Parameters);
        InitialWeights.HeNormal(network.Parameters, 3, 1, weights.Parameters);
        weights.Prepare();
        float[] picture = Samples.Picture(Width, Height).Samples.ToArray();
        var pass = new ForwardPass(network, weights, WinogradConvolution.For(network.Parameters), 512, 96);
        ReflectPadding.Fill(picture, Width, Height, pass.Input, 0);
        pass.Run(CancellationToken.None);
        float[] whole = ReflectPadding.Cut(pass.Output, 0, Width, Height);
        float[] one =
            new ModelOutput(network, weights, threads: 1).Of([picture], Width, Height, null, CancellationToken.None)[0];
        float[] two =
            new ModelOutput(network, weights, threads: 2).Of([picture], Width, Height, null, CancellationToken.None)[0];
        Assert.Equal(one, two);

        // Most of the output's contrast comes from near by; what lies beyond a tile's surroundings has less than a
        // hundredth of it.
        double mean = whole.Average(), contrast = Math.Sqrt(whole.Average(value => (value - mean) * (value - mean)));
        double difference = Math.Sqrt(whole.Zip(one, static (a, b) => (double)(a - b) * (a - b)).Average());
        Assert.True(difference < 0.01 * contrast, $"{difference} of {contrast}");
    }

    private static TrainedModel Model(int channels, int steps, params (string, string)[] notes)
    {
        Image image = new([.. Enumerable.Range(0, channels).Select(static c => Samples.Picture(64, 64, (ulong)c + 1))]);
        var training = new Neighbor2NeighborTraining([image], new TrainingOptions { Steps = steps, Batch = 1 });
        _ = training.Steps().Last();
        return training.Model(notes.ToDictionary(static note => note.Item1, static note => note.Item2));
    }

    private static MemoryStream Saved(TrainedModel model)
    {
        var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;
        return file;
    }

    private static byte[] Replaced(byte[] bytes, string old, string other)
    {
        byte[] result = [.. bytes];
        Encoding.ASCII.GetBytes(other).CopyTo(result, bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(old)));
        return result;
    }
}
