using System.Runtime.InteropServices;
using Klar.Tests.Support;
using ZstdSharp;

namespace Klar.Formats.Tests.Containers;

public sealed class CziTests : IDisposable
{
    private const string CellDivision = "CellDivision_T3_Z5_CH2_X240_Y170";
    private const string LatticeChannels = "LatticeLightsheet 1-T1,LatticeLightsheet 2-T2";

    private const int Gray8 = 0, Gray16 = 1, Gray32Float = 2, Bgr24 = 3, Bgr48 = 4, Bgra32 = 9;
    private const int Uncompressed = 0, Jpeg = 1, Lzw = 2, JpegXr = 4, Zstd0 = 5, Zstd1 = 6;

    private const string Xml = """
        <ImageDocument><Metadata>
          <Information><Image>
            <AcquisitionDateAndTime>2016-02-12T09:41:02.49Z</AcquisitionDateAndTime>
            <Dimensions>
              <Channels>
                <Channel Id="Channel:0" Name="red &lt;dye&gt;"><Fluor>Cy5</Fluor><ExposureTime>100000000</ExposureTime>
                  <ExcitationWavelength>553</ExcitationWavelength><EmissionWavelength>568</EmissionWavelength></Channel>
                <Channel Id="Channel:1" Name="green"><Color>#FF00FF33</Color></Channel>
              </Channels>
              <S><Scenes><Scene Index="0" Name="A1"/><Scene Index="1" Name="B2"/></Scenes></S>
            </Dimensions>
          </Image></Information>
          <Scaling><Items><Distance Id="X"><Value>9E-08</Value></Distance>
            <Distance Id="Y"><Value>9E-08</Value></Distance><Distance Id="Z"><Value>3.2E-07</Value></Distance></Items></Scaling>
        </Metadata></ImageDocument>
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedTheory]
    [InlineData("100x100.czi", "", 10, 10, SampleType.UInt8, 0.1, "C1")]
    [InlineData(CellDivision + ".czi", "T=3 Z=5 C=2", 240, 170, SampleType.UInt16, 0.090577, "LED555,LED470")]
    [InlineData(CellDivision + "_comp1.czi", "T=3 Z=5 C=2", 240, 170, SampleType.UInt16, null, "")]
    [InlineData("LLS7_small.czi", "T=2 Z=3 C=2", 64, 64, SampleType.UInt16, 0.144992, LatticeChannels)]
    [InlineData("newCZI_compressed.czi", "", 512, 512, SampleType.UInt16, null, "")]
    [InlineData("nuc_small_new_red.czi", "", 320, 240, SampleType.UInt8, 0.1, "nuclei")]
    public void Real_files_have_their_axes_sizes_and_names(
        string name, string axes, int width, int height, SampleType type, double? pixel, string channels)
    {
        using ImageStack stack = ImageStack.Open(SharedData.PathOf("vendor/" + name));
        Assert.Equal((axes, width, height), (stack.Axes.ToString(), stack.Info.Width, stack.Info.Height));
        Assert.Equal((type, channels), (stack.Info.SampleType, string.Join(',', stack.ChannelNames)));
        Assert.Equal(pixel, stack.Info.PixelSizeMicrometres is { } size ? Math.Round(size, 6) : null);
        Assert.NotEqual(0, ContainerCopy.Values(stack, stack.Pages - 1).Sum());
    }

    [SharedFact]
    public void The_same_recording_has_the_same_pixels_compressed_and_not()
    {
        using ImageStack plain = ImageStack.Open(SharedData.PathOf($"vendor/{CellDivision}.czi"));
        using ImageStack packed = ImageStack.Open(SharedData.PathOf($"vendor/{CellDivision}_comp1.czi"));
        for (int page = 0; page < plain.Pages; page++)
        {
            Assert.Equal(plain.Read(page).Raw.Bytes, packed.Read(page).Raw.Bytes);
        }
    }

    [SharedFact]
    public void Scenes_of_a_real_file_are_images_and_their_tiles_one_page()
    {
        string path = SharedData.PathOf("vendor/S3_1Pos_2Mosaic_T1_Z1_CH1.czi");
        IReadOnlyList<SceneInfo> scenes = ImageStack.Scenes(path);
        Assert.Equal(["TR1", "P1", "TR2"], scenes.Select(static scene => scene.Name));
        Assert.Equal(
            [(295, 122), (64, 64), (352, 237)],
            scenes.Select(static scene => (scene.Info.Width, scene.Info.Height)));
        string list = "3 images, of which --scene N takes one: 0 'TR1' (Y=122 X=295)";
        Assert.Contains(list, Refusal(path), StringComparison.Ordinal);
        Assert.Contains("no scene 3", Refusal(path, 3), StringComparison.Ordinal);
        using ImageStack one = ImageStack.Open(path, 1);
        Assert.Equal((64, 64), (one.Info.Width, one.Info.Height));
    }

    [Fact]
    public void Tiles_with_a_greater_M_are_painted_over_the_others()
    {
        using ImageStack stack = Open(new CziBytes()
            .Gray(2, x: -2, y: 5, width: 3, height: 2, ("M", 1))
            .Gray(1, x: -4, y: 5, width: 3, height: 2, ("M", 0))
            .Gray(3, x: 1, y: 6, width: 1, height: 2, ("M", 2)));
        Assert.Equal<double>([1, 1, 2, 2, 2, 0, 1, 1, 2, 2, 2, 3, 0, 0, 0, 0, 0, 3], ContainerCopy.Values(stack, 0));
    }

    [Fact]
    public void Smaller_copies_of_tiles_are_left_out()
    {
        using ImageStack stack = Open(new CziBytes()
            .Gray(7, 0, 0, 2, 2)
            .Tile(Gray8, Uncompressed, [9], ("X", 0, 2, 1), ("Y", 0, 2, 1)));
        Assert.Equal<double>([7, 7, 7, 7], ContainerCopy.Values(stack, 0));
    }

    [Fact]
    public void Views_and_phases_are_images_of_their_own()
    {
        byte[] bytes = new CziBytes { Xml = Xml }
            .Gray(1, 0, 0, 2, 2, ("S", 0), ("H", 0))
            .Gray(2, 0, 0, 2, 2, ("S", 0), ("H", 1))
            .Gray(3, 0, 0, 2, 2, ("S", 1))
            .Bytes();
        File.WriteAllBytes(_folder["a.czi"], bytes);
        Assert.Equal(["A1", "A1 H=1", "B2"], ImageStack.Scenes(_folder["a.czi"]).Select(static scene => scene.Name));
        using ImageStack stack = ImageStack.Open(_folder["a.czi"], 1);
        Assert.Equal<double>([2, 2, 2, 2], ContainerCopy.Values(stack, 0));
    }

    [Fact]
    public void A_page_that_is_not_in_the_file_is_black_and_said()
    {
        using ImageStack stack = Open(new CziBytes()
            .Gray(1, 0, 0, 2, 2, ("T", 0), ("Z", 0))
            .Gray(2, 0, 0, 2, 2, ("T", 0), ("Z", 1))
            .Gray(3, 0, 0, 2, 2, ("T", 5), ("Z", 0)));
        Assert.Equal("T=2 Z=2", stack.Axes.ToString());
        Assert.Equal<double>([0, 0, 0, 0], ContainerCopy.Values(stack, 3));
        Assert.Contains("1 of its pages", stack.Warning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Gray8, Uncompressed)]
    [InlineData(Gray8, Zstd0)]
    [InlineData(Gray8, Zstd1)]
    [InlineData(Gray16, Uncompressed)]
    [InlineData(Gray16, Zstd0)]
    [InlineData(Gray16, Zstd1)]
    [InlineData(Gray32Float, Uncompressed)]
    [InlineData(Gray32Float, Zstd1)]
    [InlineData(Bgr24, Uncompressed)]
    [InlineData(Bgr24, Zstd0)]
    [InlineData(Bgr48, Zstd1)]
    [InlineData(Bgra32, Uncompressed)]
    public void Pixel_types_and_compressions_are_read(int pixelType, int compression)
    {
        int channels = pixelType switch { Bgr24 or Bgr48 => 3, Bgra32 => 4, _ => 1 };
        bool wide = pixelType is Gray16 or Bgr48;
        double[] values = [.. Enumerable.Range(0, 6 * channels).Select(i => wide ? 1000.0 + (257 * i) : i)];
        byte[] pixels = pixelType switch
        {
            Gray16 or Bgr48 => Bytes<ushort>(values.Select(static value => (ushort)value)),
            Gray32Float => Bytes<float>(values.Select(static value => (float)value)),
            _ => [.. values.Select(static value => (byte)value)],
        };
        byte[] stored = Compressed(pixels, compression, wide);
        using ImageStack stack = Open(new CziBytes().Tile(pixelType, compression, stored, X(3), Y(2)));
        Assert.Equal((Math.Min(3, channels), pixelType == Bgra32), (stack.Info.Channels, stack.Info.HasAlpha));
        for (int c = 0; c < Math.Min(3, channels); c++)
        {
            int place = channels == 1 ? 0 : 2 - c;
            Assert.Equal(values.Where((_, i) => i % channels == place), ContainerCopy.Values(stack, 0, c));
        }
    }

    [Fact]
    public void Jpeg_is_read()
    {
        using NetVips.Image gray = NetVips.Image.Black(16, 8).Linear([1], [90]).Cast(NetVips.Enums.BandFormat.Uchar);
        using ImageStack stack = Open(new CziBytes().Tile(Gray8, Jpeg, gray.JpegsaveBuffer(q: 100), X(16), Y(8)));
        Assert.All(ContainerCopy.Values(stack, 0), static value => Assert.Equal(90.0, value));
    }

    [Theory]
    [InlineData(JpegXr, "CZI: its pixels are compressed as JPEG XR, which Klar does not read")]
    [InlineData(Lzw, "CZI: its pixels are compressed as LZW, which Klar does not read")]
    [InlineData(100, "CZI: its pixels are compressed in a camera's own way (100)")]
    public void Compressions_that_are_not_read_are_named(int compression, string words)
    {
        using ImageStack stack = Open(new CziBytes().Tile(Gray8, compression, [1, 2, 3], X(4), Y(4)));
        BadImageFileException refused = Assert.Throws<BadImageFileException>(() => stack.Read(0));
        Assert.StartsWith(words, refused.Message, StringComparison.Ordinal);
        Assert.Contains(words[5..], stack.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_file_says_is_in_the_OME_TIFF_that_becomes_of_it()
    {
        var file = new CziBytes { Xml = Xml };
        for (int i = 0; i < 12; i++)
        {
            (int t, int z, int c) = (i / 6, i / 2 % 3, i % 2);
            file.Gray((byte)((100 * t) + (10 * z) + c), 0, 0, 4, 3, ("C", c), ("Z", z), ("T", t), ("S", 0));
        }

        using ImageStack stack = Open(file);
        ContainerCopy.Write(stack, _folder["all.ome.tif"]);
        ContainerCopy.Write(stack, _folder["green.ome.tif"], 1, 3, 5, 7, 9, 11);
        Assert.Equal("TZCYX 2x3x2x3x4 uint8", Python.Run("ome_of.py", _folder["all.ome.tif"]));
        Assert.Equal("TZYX 2x3x3x4 uint8", Python.Run("ome_of.py", _folder["green.ome.tif"]));
        using ImageStack all = ImageStack.Open(_folder["all.ome.tif"]);
        using ImageStack green = ImageStack.Open(_folder["green.ome.tif"]);
        Assert.Equal(("T=2 Z=3 C=2", "T=2 Z=3"), (all.Axes.ToString(), green.Axes.ToString()));
        Assert.Equal(111, ContainerCopy.Values(green, 4)[0]);
        Assert.Equal(0.09, green.Info.PixelSizeMicrometres!.Value, 1e-9);
        string[] parts =
        [
            "Name=\"red &lt;dye&gt;\"", "Fluor=\"Cy5\"", "ExcitationWavelength=\"553\"", "PhysicalSizeZ=\"0.32\"",
            "Color=\"16724991\"", "Name=\"A1\"", "<AcquisitionDate>2016-02-12T09:41:02</AcquisitionDate>",
            "TheZ=\"2\" TheT=\"1\" TheC=\"0\" ExposureTime=\"0.1\"",
        ];
        Assert.All(parts, part => Assert.Contains(part, all.DescriptionOfFirst, StringComparison.Ordinal));

        // The file's own words about all channels follow.
        string[] said = green.DescriptionOfFirst.Split("<StructuredAnnotations");
        Assert.DoesNotContain("Cy5", said[0], StringComparison.Ordinal);
        Assert.Contains("Cy5", said[1], StringComparison.Ordinal);
    }

    private static string Refusal(string path, int? scene = null) =>
        Assert.Throws<BadImageFileException>(() => ImageStack.Open(path, scene)).Message;

    private ImageStack Open(CziBytes file)
    {
        // The name does not matter.
        File.WriteAllBytes(_folder["a.bin"], file.Bytes());
        return ImageStack.Open(_folder["a.bin"]);
    }

    private static (string Name, int Start, int Size, int? Stored) X(int size) => ("X", 0, size, null);

    private static (string Name, int Start, int Size, int? Stored) Y(int size) => ("Y", 0, size, null);

    private static byte[] Bytes<T>(IEnumerable<T> values)
        where T : unmanaged => MemoryMarshal.AsBytes<T>(values.ToArray()).ToArray();

    private static byte[] Compressed(byte[] pixels, int compression, bool wide)
    {
        using var compressor = new Compressor();
        byte[] packed = [.. pixels.Where(static (_, i) => i % 2 == 0), .. pixels.Where(static (_, i) => i % 2 == 1)];
        return compression switch
        {
            Zstd0 => compressor.Wrap(pixels).ToArray(),
            Zstd1 when wide => [3, 1, 1, .. compressor.Wrap(packed)],
            Zstd1 => [1, .. compressor.Wrap(pixels)],
            _ => pixels,
        };
    }
}
