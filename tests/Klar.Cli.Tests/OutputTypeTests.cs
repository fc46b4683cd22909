using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using BitMiracle.LibTiff.Classic;
using Klar.Formats;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>
/// The sample type of results: the file's own, that which is asked for, or floats where whole numbers are too coarse.
/// </summary>
public sealed class OutputTypeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Photon_counts_become_floats_that_keep_the_mean_and_this_is_said()
    {
        double mean = Counts("counts.tif", photons: 0.4f, pages: 1);
        KlarProgram.Result run =
            KlarProgram.Run("denoise", _folder["counts.tif"], "-m", "gaussian", "-o", _folder["out.tif"]);
        Assert.Equal(0, run.Code);
        Assert.Contains("32-bit floats (--output-type same keeps uint16)", run.Error, StringComparison.Ordinal);
        Assert.Equal(SampleType.Float32, ImageFile.Info(_folder["out.tif"]).SampleType);
        Assert.Equal("float32", Sidecar("out.tif").GetProperty("outputType").GetString());
        Assert.Equal(mean, MeanOf("out.tif"), 0.01 * mean);
    }

    [Fact]
    public void A_stack_of_counts_becomes_floats_on_all_pages()
    {
        _ = Counts("counts.tif", photons: 0.4f, pages: 3);
        Assert.Equal(
            0, KlarProgram.Run("denoise", _folder["counts.tif"], "-m", "gaussian", "-o", _folder["out.tif"]).Code);
        using ImageStack made = ImageStack.Open(_folder["out.tif"]);
        Assert.Equal((SampleType.Float32, 3), (made.Info.SampleType, made.Pages));
        Assert.All(Enumerable.Range(0, 3), page => Assert.Equal(SampleType.Float32, made.Read(page).Info.SampleType));
    }

    [Theory]
    [InlineData("gaussian", 0.4f, "same", SampleType.UInt16)]
    [InlineData("gaussian", 400f, null, SampleType.UInt16)]
    [InlineData("gaussian", 400f, "float", SampleType.Float32)]
    [InlineData("median", 0.4f, null, SampleType.UInt16)]
    public void The_type_is_the_files_own_unless_there_is_a_reason(
        string method, float photons, string? asked, SampleType type)
    {
        _ = Counts("counts.tif", photons, pages: 1);
        string[] option = asked is null ? [] : ["--output-type", asked];
        KlarProgram.Result run = KlarProgram.Run(
            ["denoise", _folder["counts.tif"], "-m", method, "-o", _folder["out.tif"], .. option]);
        Assert.Equal(0, run.Code);
        Assert.Equal(type, ImageFile.Info(_folder["out.tif"]).SampleType);
        Assert.Equal(type.ToString().ToLowerInvariant(), Sidecar("out.tif").GetProperty("outputType").GetString());
    }

    [Fact]
    public void Bytes_become_16_bits_with_the_same_values()
    {
        ImageFile.Write(_folder["x.png"], new Image(Plane.From(3, 1, [0, 100 / 255f, 1])), SampleType.UInt8);
        KlarProgram.Result run = KlarProgram.Run(
            "denoise", _folder["x.png"], "-m", "gaussian", "--strength", "0", "--output-type", "uint16",
            "-o", _folder["out.png"]);
        Assert.Equal(0, run.Code);
        LoadedImage made = ImageFile.Read(_folder["out.png"]);
        Assert.Equal(
            (SampleType.UInt16, new SampleScale(0, 255, Bounded: true)), (made.Info.SampleType, made.Image.Scale));
    }

    [Fact]
    public void Batch_takes_it_too()
    {
        Directory.CreateDirectory(_folder["in"]);
        _ = Counts("in/counts.tif", photons: 400, pages: 1);
        KlarProgram.Result run = KlarProgram.Run(
            "batch", _folder["in"], "-m", "median", "--output-type", "float", "-o", _folder["out"]);
        Assert.Equal(0, run.Code);
        Assert.Equal(SampleType.Float32, ImageFile.Info(_folder["out/counts_denoised.tif"]).SampleType);
    }

    [Fact]
    public void A_type_that_does_not_exist_or_cannot_hold_the_values_is_refused()
    {
        var image = new Image(Plane.From(2, 1, [0, 1]), new SampleScale(0, 1, Bounded: false));
        ImageFile.Write(_folder["x.tif"], image, SampleType.Float32);
        KlarProgram.Run("denoise", _folder["x.tif"], "--output-type", "int8", "-o", _folder["out.tif"])
            .IsOneLine(2, "same, float or uint16");
        KlarProgram.Run("denoise", _folder["x.tif"], "--output-type", "uint16", "-o", _folder["out.tif"])
            .IsOneLine(1, "between 0 and 1");
        KlarProgram.Run("denoise", _folder["x.tif"], "--output-type", "float", "-o", _folder["out.png"])
            .IsOneLine(1, "PNG cannot hold float32");
        KlarProgram.Run("denoise", _folder["x.tif"], "-o", _folder["out"])
            .IsOneLine(1, "'out' has no ending", "/ for a folder");
        Assert.False(File.Exists(_folder["out.tif"]));
    }

    private double Counts(string name, float photons, int pages)
    {
        const int Side = 96;
        double sum = 0;
        var noise = NoiseModel.Parse(string.Create(CultureInfo.InvariantCulture, $"poisson:{photons}"));
        Plane[] planes = [.. Enumerable.Range(0, pages).Select(page => noise.AddTo(
            new Image(Plane.Create(Side, Side, 0, static (to, _) =>
            {
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = 0.6f + (0.4f * MathF.Sin(i % Side / 9f) * MathF.Cos(i / Side / 7f));
                }
            })),
            clip: false,
            new RunSettings { Seed = (ulong)page }).Planes[0])];
        using var tiff = Tiff.Open(_folder[name], "w");
        foreach (Plane plane in planes)
        {
            ushort[] counts =
                [.. plane.Samples.ToArray().Select(sample => (ushort)Math.Max(0, Math.Round(sample * photons)))];
            sum += counts.Sum(static count => (double)count);
            byte[] bytes = MemoryMarshal.AsBytes(counts.AsSpan()).ToArray();
            tiff.SetField(TiffTag.IMAGEWIDTH, Side);
            tiff.SetField(TiffTag.IMAGELENGTH, Side);
            tiff.SetField(TiffTag.BITSPERSAMPLE, 16);
            tiff.SetField(TiffTag.PHOTOMETRIC, Photometric.MINISBLACK);
            tiff.SetField(TiffTag.ROWSPERSTRIP, Side);
            Assert.True(tiff.WriteEncodedStrip(0, bytes, bytes.Length) > 0);
            Assert.True(tiff.WriteDirectory());
        }

        return sum / (pages * Side * Side);
    }

    private double MeanOf(string name)
    {
        Image image = ImageFile.Read(_folder[name]).Image;
        return image.Planes[0].Samples.ToArray().Average(sample => image.Scale.Black + (sample * image.Scale.Range));
    }

    private JsonElement Sidecar(string name) =>
        JsonDocument.Parse(File.ReadAllText(_folder[name] + ".json")).RootElement;
}
