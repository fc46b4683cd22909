using BitMiracle.LibTiff.Classic;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>
/// Samples that are stored otherwise than they are worked with: packed, as 16-bit floats, with a palette, or not at
/// all.
/// </summary>
public sealed class StoredSamplesTests : IDisposable
{
    private const int Width = 37, Height = 19;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<int, int, bool, bool> Layouts
    {
        get
        {
            var layouts = new TheoryData<int, int, bool, bool>();
            foreach (int bits in (int[])[1, 2, 4, 6, 9, 10, 12, 14, 15])
            {
                layouts.Add(bits, 1, false, false);
                layouts.Add(bits, 1, true, false);
                layouts.Add(bits, 3, false, false);
                layouts.Add(bits, 3, false, true);
            }

            return layouts;
        }
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Packed_samples_are_read(int bits, int channels, bool tiled, bool planar)
    {
        int[] values = [.. Enumerable.Range(0, Width * Height * channels).Select(i => i * 7919 % (1 << bits))];
        WritePacked("packed.tif", values, bits, channels, tiled, planar);
        LoadedImage read = ImageFile.Read(_folder["packed.tif"]);
        Assert.Equal(
            (bits < 8 ? SampleType.UInt8 : SampleType.UInt16, channels), (read.Info.SampleType, read.Info.Channels));
        for (int c = 0; c < channels; c++)
        {
            for (int i = 0; i < Width * Height; i++)
            {
                int value = values[(i * channels) + c];
                double wanted = bits < 8 ? Math.Round(255.0 * value / ((1 << bits) - 1)) : value;
                Assert.Equal(
                    wanted, read.Image.Scale.Black + (read.Image.Planes[c].Samples[i] * read.Image.Scale.Range), 0.01);
            }
        }
    }

    [Theory]
    [InlineData(10, "10 bits: they are written as 16 bits")]
    [InlineData(12, "12 bits: they are written as 16 bits")]
    [InlineData(4, "4 bits: they are written as 8 bits, stretched")]
    public void What_becomes_of_packed_samples_is_said(int bits, string warning)
    {
        WritePacked("packed.tif", new int[Width * Height], bits, 1, tiled: false, planar: false);
        using ImageStack stack = ImageStack.Open(_folder["packed.tif"]);
        Assert.Contains(warning, stack.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("lost/float16.tif")]
    [InlineData("lost/float16_big_endian.tif")]
    public void Floats_of_16_bits_come_back_as_those_of_32_with_the_same_values(string name)
    {
        Python.Run("make_tiffs.py", _folder.Path);
        LoadedImage read = ImageFile.Read(_folder[name]);
        ImageFile.Write(_folder["out.tif"], read);
        Assert.Equal(SampleType.Float32, read.Info.SampleType);
        string differences = Python.Run("compare_tiffs.py", _folder[name], _folder["out.tif"], "--samples");
        Assert.Equal("series: YX (24, 37) float16, YX (24, 37) float32", WithoutTags(differences));
    }

    [Theory]
    [InlineData("lost/complex64.tif", "complex numbers of 64 bits")]
    [InlineData("lost/uint64.tif", "whole numbers of 64 bits")]
    [InlineData("lost/uint64_bigtiff_big_endian.tif", "whole numbers of 64 bits")]
    [InlineData("lost/int64.tif", "signed whole numbers of 64 bits")]
    public void What_cannot_be_read_is_named(string name, string cause)
    {
        Python.Run("make_tiffs.py", _folder.Path);
        var refusal = Assert.Throws<BadImageFileException>(() => ImageStack.Open(_folder[name]));
        Assert.Contains(cause, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_bit_that_became_gray_is_written_as_8_bits_of_the_same_polarity()
    {
        Python.Run("make_tiffs.py", _folder.Path);
        LoadedImage read = ImageFile.Read(_folder["one_bit_white.tif"]);
        ImageFile.Write(
            _folder["gray.tif"], read with { Image = read.Image.With([Scaled(read.Image.Planes[0], 0.5f)]) });
        LoadedImage gray = ImageFile.Read(_folder["gray.tif"]);
        Assert.Equal((8, Photometric.MINISWHITE), (gray.Tags!.Stored.Bits, gray.Tags.Photometric));
        Assert.Equal(
            Scaled(read.Image.Planes[0], 128 / 255f).Samples.ToArray(), gray.Image.Planes[0].Samples.ToArray());
    }

    [Fact]
    public void Formats_without_polarity_show_what_was_black_black()
    {
        Python.Run("make_tiffs.py", _folder.Path);
        LoadedImage read = ImageFile.Read(_folder["miniswhite_uint8.tif"]);
        ImageFile.Write(_folder["out.png"], read);
        Assert.Equal(
            [.. read.Image.Planes[0].Samples.ToArray().Select(static sample => (int)Math.Round(255 * (1 - sample)))],
            [
                .. ImageFile.Read(_folder["out.png"]).Image.Planes[0].Samples.ToArray()
                    .Select(static sample => (int)Math.Round(255 * sample)),
            ]);
    }

    [Fact]
    public void Two_colours_stay_those_two()
    {
        using (Tiff tiff = Tiff.Open(_folder["two.tif"], "w"))
        {
            tiff.SetField(TiffTag.IMAGEWIDTH, 8);
            tiff.SetField(TiffTag.IMAGELENGTH, 1);
            tiff.SetField(TiffTag.BITSPERSAMPLE, 1);
            tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.PALETTE);
            tiff.SetField(TiffTag.COLORMAP, new short[] { -1, 0 }, new short[] { 100, 0 }, new short[] { 0, 30000 });
            Assert.True(tiff.WriteEncodedStrip(0, [0b10110001], 1) > 0);
        }

        ImageFile.Write(_folder["out.tif"], ImageFile.Read(_folder["two.tif"]));
        Assert.Equal(string.Empty, Python.Run("compare_tiffs.py", _folder["two.tif"], _folder["out.tif"], "--samples"));
    }

    [Fact]
    public void A_palette_of_colours_becomes_RGB_and_says_so()
    {
        Python.Run("make_tiffs.py", _folder.Path);
        using ImageStack stack = ImageStack.Open(_folder["lost/palette_of_colours.tif"]);
        Assert.Equal(3, stack.Info.Channels);
        Assert.Contains("palette", stack.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gray", true)]
    [InlineData("inverted", true)]
    [InlineData("rainbow", true)]
    [InlineData("16 grays", true)]
    [InlineData("colours", false)]
    [InlineData("web", false)]
    [InlineData("one colour", false)]
    public void A_scale_of_colours_is_told_from_a_set_of_them(string name, bool isScale)
    {
        Func<double, (double Red, double Green, double Blue)> colour = name switch
        {
            "inverted" => static x => (1 - x, 1 - x, 1 - x),
            "rainbow" => static x => (Math.Sin(3 * x), Math.Sin(3 * (x + 0.3)) / 2, Math.Cos(1.5 * x)),
            "colours" => static x => (x * 37 % 1, x * 101 % 1, x * 73 % 1),
            "web" => static x => (x, x * 6 % 1, x * 36 % 1),
            "one colour" => static _ => (0.5, 0, 0),
            _ => static x => (x, x, x),
        };
        int colours = name == "16 grays" ? 16 : 256;
        (double Red, double Green, double Blue)[] all =
            [.. Enumerable.Range(0, colours).Select(i => colour(i / (colours - 1.0)))];
        short[][] map =
        [
            Channel(all, static one => one.Red),
            Channel(all, static one => one.Green),
            Channel(all, static one => one.Blue),
        ];
        Assert.Equal(isScale, ColourMap.IsScale(map));
    }

    private static short[] Channel(
        (double, double, double)[] colours, Func<(double Red, double Green, double Blue), double> of) =>
        [.. colours.Select(one => (short)(ushort)(65535 * Math.Clamp(of(one), 0, 1)))];

    private static string WithoutTags(string differences) => string.Join(
        '\n', differences.Split('\n').Where(static line => !line.StartsWith("page", StringComparison.Ordinal)));

    private static Plane Scaled(Plane plane, float by) =>
        Plane.From(plane.Width, plane.Height, [.. plane.Samples.ToArray().Select(sample => sample * by)]);

    /// <summary>Bits behind bits, the high one first; each row, of the page or of a tile, begins with a byte.</summary>
    private static byte[] Packed(IReadOnlyList<IReadOnlyList<int>> rows, int bits)
    {
        var bytes = new List<byte>();
        foreach (IReadOnlyList<int> row in rows)
        {
            string text = string.Concat(row.Select(value => Convert.ToString(value, 2).PadLeft(bits, '0')));
            text = text.PadRight((text.Length + 7) / 8 * 8, '0');
            bytes.AddRange(
                Enumerable.Range(0, text.Length / 8).Select(i => Convert.ToByte(text.Substring(8 * i, 8), 2)));
        }

        return [.. bytes];
    }

    private void WritePacked(string name, int[] values, int bits, int channels, bool tiled, bool planar)
    {
        using Tiff tiff = Tiff.Open(_folder[name], "w");
        tiff.SetField(TiffTag.IMAGEWIDTH, Width);
        tiff.SetField(TiffTag.IMAGELENGTH, Height);
        tiff.SetField(TiffTag.BITSPERSAMPLE, bits);
        tiff.SetField(TiffTag.SAMPLESPERPIXEL, channels);
        tiff.SetField(TiffTag.PHOTOMETRIC, channels == 3 ? Photometric.RGB : Photometric.MINISBLACK);
        tiff.SetField(TiffTag.PLANARCONFIG, planar ? PlanarConfig.SEPARATE : PlanarConfig.CONTIG);
        int Value(int x, int y, int c) => x < Width && y < Height ? values[(((y * Width) + x) * channels) + c] : 0;
        int[] all = [.. Enumerable.Range(0, channels)];
        if (tiled)
        {
            tiff.SetField(TiffTag.TILEWIDTH, 16);
            tiff.SetField(TiffTag.TILELENGTH, 16);
            for (int tile = 0; tile < 6; tile++)
            {
                (int left, int top) = (16 * (tile % 3), 16 * (tile / 3));
                IReadOnlyList<int> Row(int y) => [.. Enumerable.Range(left, 16).Select(x => Value(x, y, 0))];
                byte[] bytes = Packed([.. Enumerable.Range(top, 16).Select(Row)], bits);
                Assert.True(tiff.WriteEncodedTile(tile, bytes, bytes.Length) > 0);
            }

            return;
        }

        tiff.SetField(TiffTag.ROWSPERSTRIP, Height);
        foreach (int strip in planar ? all : [0])
        {
            byte[] bytes = Packed(
                [.. Enumerable.Range(0, Height).Select(y => (IReadOnlyList<int>)[
                    .. Enumerable.Range(0, Width).SelectMany(x => (planar ? [strip] : all).Select(c => Value(x, y, c)))
                ])], bits);
            Assert.True(tiff.WriteEncodedStrip(strip, bytes, bytes.Length) > 0);
        }
    }
}
