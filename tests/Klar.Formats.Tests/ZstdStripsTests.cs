using System.Diagnostics;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>TIFF pages that libtiff compressed with Zstandard have the samples of those that it did not
/// compress.</summary>
public sealed class ZstdStripsTests : IDisposable
{
    // libtiff writes the first strip behind the file's header.
    private const int FirstStrip = 8;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Samples_are_those_of_the_uncompressed_page()
    {
        Python.Run("make_tiffs.py", _folder.Path);
        string[] wholes = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "float64"];
        string[] others = ["bigtiff.tif", "planar_rgb.tif", "rgb16.tif", "tiled.tif"];
        (string File, string Codec)[] plain =
            [.. wholes.Select(static type => $"pages_{type}.tif").Concat(others).Select(static file => (file, "zstd"))];
        (string File, string Codec)[] predicted = [.. plain.Select(static one => (one.File, "zstd:2"))];
        (string File, string Codec)[] floats = [("pages_float32.tif", "zstd:3"), ("pages_float64.tif", "zstd:3")];
        string[][] layouts = [["-L"], ["-B", "-t", "-w", "16", "-l", "16"]];
        int compared = 0;
        foreach ((string file, string codec) in plain.Concat(predicted).Concat(floats))
        {
            // tiffcp 4.5 swaps the bytes of floats before it takes their differences, and cannot read what it wrote.
            foreach (string[] layout in layouts.Where(layout => codec != "zstd:3" || layout[0] == "-L"))
            {
                Compress(_folder[file], _folder["zstd.tif"], [.. layout, "-c", codec]);
                using ImageStack expected = ImageStack.Open(_folder[file]);
                using ImageStack actual = ImageStack.Open(_folder["zstd.tif"]);
                for (int page = 0; page < expected.Pages; page++)
                {
                    Assert.True(
                        expected.Read(page).Raw.Bytes.AsSpan().SequenceEqual(actual.Read(page).Raw.Bytes),
                        $"{file} {codec} {string.Join(' ', layout)} page {page + 1}");
                    compared++;
                }
            }
        }

        Assert.Equal(122, compared);
    }

    [Fact]
    public void A_damaged_strip_is_said_to_be_one()
    {
        Python.Run("make_tiffs.py", _folder.Path);
        Compress(_folder["tiled.tif"], _folder["zstd.tif"], ["-L", "-c", "zstd"]);
        byte[] bytes = File.ReadAllBytes(_folder["zstd.tif"]);
        bytes.AsSpan(FirstStrip, sizeof(int)).Clear();
        File.WriteAllBytes(_folder["zstd.tif"], bytes);
        Assert.Contains(
            "damaged TIFF",
            Assert.Throws<BadImageFileException>(() => ImageFile.Read(_folder["zstd.tif"])).Message,
            StringComparison.Ordinal);
    }

    private static void Compress(string from, string to, string[] options)
    {
        using var copy = Process.Start(
            new ProcessStartInfo("tiffcp", [.. options, from, to]) { RedirectStandardError = true })!;
        copy.StandardError.ReadToEnd();
        copy.WaitForExit();
        Assert.Equal(0, copy.ExitCode);
    }
}
