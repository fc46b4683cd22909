using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>What a program does with a whole file: <see cref="ImageStack.Denoise"/>, and images from streams.</summary>
public sealed class StackDenoisingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedTheory]
    [InlineData("stacks/imagej/xyz_8bit__mitotic_plate_calibrated.tif")]
    [InlineData("noisy/convallaria_1024.tif")]
    public void All_pages_are_denoised_on_one_scale_and_metadata_is_kept(string name)
    {
        string output = _folder["out.tif"];
        using (ImageStack stack = ImageStack.Open(SharedData.PathOf(name)))
        {
            IReadOnlyList<DenoiseReport> reports = stack.Denoise(new GaussianFilter(new() { Sigma = 1 }), output);
            Assert.Equal(stack.Pages, reports.Count);
            SampleScale scale = stack.Scale(Enumerable.Range(0, stack.Pages));
            using ImageStack written = ImageStack.Open(output);
            Assert.Equal(
                stack.Info with { PixelSizeMicrometres = null }, written.Info with { PixelSizeMicrometres = null });
            Assert.Equal(stack.Axes.ToString(), written.Axes.ToString());
            int middle = stack.Pages / 2;
            Image expected = new GaussianFilter(new() { Sigma = 1 }).Denoise(stack.Read(middle, scale).Image).Image;
            float half = (float)(0.501 / scale.Range);
            Assert.All(
                expected.Planes[0].Samples.ToArray().Zip(written.Read(middle, scale).Image.Planes[0].Samples.ToArray()),
                pair => Assert.Equal(pair.First, pair.Second, half));
        }

        Assert.Equal(string.Empty, Python.Run("compare_tiffs.py", SharedData.PathOf(name), output));
    }

    [Fact]
    public void What_is_cancelled_or_fails_leaves_nothing()
    {
        string output = _folder["out.tif"];
        ImageFile.Write(_folder["in.tif"], Noisy(), SampleType.UInt16);
        using ImageStack stack = ImageStack.Open(_folder["in.tif"]);
        using var cancel = new CancellationTokenSource();
        cancel.Cancel();
        Assert.ThrowsAny<OperationCanceledException>(
            () => stack.Denoise(new AutoDenoiser(), output, cancel: cancel.Token));
        Assert.Throws<BadImageFileException>(() => stack.Denoise(new AutoDenoiser(), _folder["nowhere/out.tif"]));
        Assert.Equal(["in.tif"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public void A_stream_is_read_as_its_file_is_and_its_copy_goes_away()
    {
        ImageFile.Write(_folder["in.tif"], Noisy(), SampleType.UInt16);
        string copy;
        using (FileStream stream = File.OpenRead(_folder["in.tif"]))
        using (ImageStack stack = ImageStack.Open(stream))
        {
            copy = stack.Path;
            Assert.True(File.Exists(copy));
            Assert.Equal(
                ImageFile.Read(_folder["in.tif"]).Image.Planes[0].Samples.ToArray(),
                stack.Read(0).Image.Planes[0].Samples.ToArray());
        }

        Assert.False(File.Exists(copy));
        using var nothing = new MemoryStream([1, 2, 3]);
        Assert.Throws<BadImageFileException>(() => ImageStack.Open(nothing));
        using var zeros = new MemoryStream(new byte[2 << 20]);
        BadImageFileException failure = Assert.Throws<BadImageFileException>(() => ImageStack.Open(zeros));
        Assert.Equal("what comes in on the stream is no image: it begins with zeros", failure.Message);
    }

    private static Image Noisy() => new GaussianNoise(25).AddTo(
        new Image(Plane.Create(48, 40, 0, static (samples, _) => samples.Fill(0.5f)), SampleScale.OfIntegers(0, 4095)),
        clip: true, new RunSettings { Seed = 1 });
}
