using BitMiracle.LibTiff.Classic;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

public sealed class TiffWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Writing_leaves_the_callers_samples_as_they_are(bool bigEndian)
    {
        byte[] samples = [.. Enumerable.Range(0, 2 * 8 * 4).Select(static i => (byte)i)];
        byte[] before = [.. samples];
        var info = new ImageFileInfo(8, 4, 1, 3, SampleType.UInt16, HasAlpha: false, "tiff", null);
        var page = new TiffWriter.Page(
            new RawSamples(samples, SampleType.UInt16, 1), info, Photometric.MINISBLACK, Tags: null);
        using (var writer = new TiffWriter(_folder["x.tif"], 3 * samples.Length, bigEndian, big: false))
        {
            writer.WriteBehindEachOther(3, _ => page, oneDirectory: false);
            writer.Finish();
        }

        Assert.Equal(before, samples);
        using ImageStack written = ImageStack.Open(_folder["x.tif"]);
        Assert.All(Enumerable.Range(0, 3), i => Assert.Equal(before, written.Read(i).Raw.Bytes));
    }
}
