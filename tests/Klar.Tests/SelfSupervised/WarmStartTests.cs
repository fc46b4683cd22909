using Klar.Catalogue;
using Klar.Metrics;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Tests.SelfSupervised;

public sealed class WarmStartTests
{
    private static readonly Image Clean = new(Samples.Picture(96, 96));

    [Theory]
    [InlineData("zs-n2n", 300, 0.3)]
    [InlineData("klar", 20, 0.1)]
    public void The_next_frame_needs_a_tenth_of_the_steps(string method, int steps, double leastLost)
    {
        var before = new WarmStart();
        Denoised first = Run(method, steps, seed: 1, before);
        Denoised warm = Run(method, steps, seed: 2, before), cold = Run(method, steps, seed: 2, null),
            hurried = Run(method, steps / 10, seed: 2, null);
        Assert.Equal("off", first.Report.Settings["warm-start"]);
        Assert.Equal("on", warm.Report.Settings["warm-start"]);
        Assert.True(Psnr(warm) > Psnr(cold) - leastLost, $"{Psnr(warm)} dB, from scratch {Psnr(cold)} dB");
        Assert.True(Psnr(warm) > Psnr(hurried), $"{Psnr(warm)} dB, as many steps from scratch {Psnr(hurried)} dB");
    }

    [Fact]
    public void Without_it_frames_do_not_depend_on_each_other() =>
        Assert.Equal(
            Run("zs-n2n", 20, seed: 2, null).Image.Planes[0].Samples.ToArray(),
            Run("zs-n2n", 20, seed: 2, new WarmStart()).Image.Planes[0].Samples.ToArray());

    [Fact]
    public void Networks_go_through_a_file_and_come_back_the_same()
    {
        var before = new WarmStart();
        Assert.True(before.IsEmpty);
        _ = Run("zs-n2n", 20, seed: 1, before);
        using var file = new MemoryStream();
        before.Save(file);
        file.Position = 0;
        var loaded = WarmStart.Load(file);
        Assert.False(loaded.IsEmpty);
        Assert.Equal(
            Run("zs-n2n", 20, seed: 2, before).Image.Planes[0].Samples.ToArray(),
            Run("zs-n2n", 20, seed: 2, loaded).Image.Planes[0].Samples.ToArray());
    }

    [Fact]
    public void What_each_part_of_klar_counted_goes_through_the_file_too()
    {
        var before = new WarmStart();
        _ = Run("klar", 2, seed: 1, before);
        IReadOnlyList<double>? kept = before.Frozen().FrozenWeights("klar.0");
        Assert.NotNull(kept);
        Assert.Equal(1, kept.Sum(), 1e-6);
        using var file = new MemoryStream();
        before.Save(file);
        file.Position = 0;
        WarmStart loaded = WarmStart.Load(file).Frozen();
        Assert.Equal(kept, loaded.FrozenWeights("klar.0"));

        // Nothing is measured anew: another seed changes nothing.
        Assert.Equal(SamplesOf(Run("klar", 2, seed: 2, before.Frozen())), SamplesOf(Run("klar", 2, seed: 2, loaded)));
    }

    [Fact]
    public void Networks_of_another_shape_and_damaged_files_are_refused()
    {
        var before = new WarmStart();
        _ = Run("zs-n2n", 3, seed: 1, before);
        Plane plane = Clean.Planes[0];
        var colour = new Image([plane, plane, plane]);
        IDenoiser denoiser = MethodCatalogue.Find("zs-n2n")!.Create(
            new Dictionary<string, string> { ["steps"] = "3" }, new RunSettings { WarmStart = before });
        Assert.Throws<InvalidDataException>(() => denoiser.Denoise(colour));
        Assert.Throws<InvalidDataException>(static () => WarmStart.Load(new MemoryStream([1, 2, 3])));
    }

    private static Denoised Run(string method, int steps, ulong seed, WarmStart? before)
    {
        Image noisy = new GaussianNoise(25).AddTo(Clean, clip: false, new RunSettings { Seed = seed });
        var settings = new Dictionary<string, string>
        {
            ["steps"] = steps.ToString(System.Globalization.CultureInfo.InvariantCulture)
        };
        if (method == "klar")
        {
            (settings["effort"], settings["sigma"]) = ("fast", "25");
        }

        return MethodCatalogue.Find(method)!.Create(settings, new RunSettings { WarmStart = before }).Denoise(noisy);
    }

    private static double Psnr(Denoised result) => ImageQuality.Of(Clean, result.Image, 1).Psnr!.Value;

    private static float[] SamplesOf(Denoised result) => result.Image.Planes[0].Samples.ToArray();
}
