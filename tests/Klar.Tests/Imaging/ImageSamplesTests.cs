namespace Klar.Tests.Imaging;

/// <summary>A program's own arrays become images and come back.</summary>
public sealed class ImageSamplesTests
{
    [Fact]
    public void Bytes_have_the_scale_of_their_type_and_come_back()
    {
        byte[] samples = [0, 1, 128, 254, 255, 7];
        var image = Image.From(samples, 3, 2);
        Assert.Equal(SampleScale.EightBit, image.Scale);
        Assert.Equal(128 / 255f, image.Planes[0].Samples[2]);
        Assert.Equal(samples, image.ToUInt8());
    }

    [Fact]
    public void Every_16_bit_value_comes_back()
    {
        ushort[] samples = [.. Enumerable.Range(0, 65536).Select(static value => (ushort)value)];
        var image = Image.From(samples, 256, 256);
        Assert.Equal((0, 65535), (image.Scale.Black, image.Scale.White));
        Assert.Equal(samples, image.ToUInt16());
    }

    [Fact]
    public void Channels_are_next_to_each_other()
    {
        ushort[] samples = [100, 200, 300, 101, 201, 301];
        var image = Image.From(samples, 2, 1, channels: 3);
        Assert.Equal((3, 2, 1), (image.Planes.Count, image.Width, image.Height));
        Assert.Equal(0, image.Planes[0].Samples[0]); // 100 is the least
        Assert.Equal(1, image.Planes[2].Samples[1]); // 301 is the greatest
        Assert.Equal(samples, image.ToUInt16());
    }

    [Theory]
    [InlineData(0, 1, 0, 1)]
    [InlineData(-0.2, 1.3, 0, 1)] // noise around 0..1
    [InlineData(10, 500, 10, 500)]
    [InlineData(0, 0.01, 0, 0.01)]
    public void Floats_are_taken_for_0_to_1_where_they_are(float least, float most, float black, float white)
    {
        float[] samples = [.. Enumerable.Range(0, 100).Select(i => least + ((most - least) * i / 99f))];
        var image = Image.From(samples, 10, 10);
        Assert.Equal(black, image.Scale.Black, 1e-6);
        Assert.Equal(white, image.Scale.White, 1e-3);
        Assert.All(samples.Zip(image.ToSingle()), static pair => Assert.Equal(pair.First, pair.Second, 1e-4));
    }

    [Fact]
    public void What_a_type_cannot_hold_is_rounded_and_cut()
    {
        var plane = Plane.From(4, 1, [-0.1f, 0.5f, 1.2f, float.NaN]);
        var image = new Image(plane, new SampleScale(0, 65535, Bounded: true));
        Assert.Equal([0, 32768, 65535, 0], image.ToUInt16());
        Assert.Equal([0, 255, 255, 0], image.ToUInt8());
    }

    [Theory]
    [InlineData(3, 2, 2)]
    [InlineData(2, 2, 1)]
    public void Another_number_of_samples_is_refused(int width, int height, int channels)
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(
            () => Image.From(new ushort[6], width, height, channels));
        Assert.Contains("there are 6", failure.Message, StringComparison.Ordinal);
    }
}
