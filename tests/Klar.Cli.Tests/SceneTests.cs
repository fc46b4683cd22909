using System.Diagnostics;
using System.IO.Compression;
using System.Text.Json;
using Klar.Formats;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>Files of microscopes, and those that hold several images.</summary>
public sealed class SceneTests : IDisposable
{
    private static readonly string[] AllScenes = ["scene0", "scene1", "scene2"];

    private readonly TemporaryFolder _folder = new();

    private static string Czi => SharedData.PathOf("vendor/S3_1Pos_2Mosaic_T1_Z1_CH1.czi");

    private static string Lif => SharedData.PathOf("vendor/xz-example.lif");

    public void Dispose() => _folder.Dispose();

    [SharedFact]
    public void Info_lists_the_images_of_a_file_and_describes_the_one_that_is_asked_for()
    {
        KlarProgram.Result list = KlarProgram.Run("info", Czi);
        Assert.Equal(
            "0: TR1: Y=122 X=295 uint16, 1.6 um/px (CZI)\n1: P1: Y=64 X=64 uint16, 1.6 um/px (CZI)\n"
            + "2: TR2: Y=237 X=352 uint16, 1.6 um/px (CZI)\n",
            list.Output);
        Assert.Equal("  it holds 3 images: --scene N takes one\n", list.Error);
        KlarProgram.Result one = KlarProgram.Run("info", Czi, "--scene", "2");
        Assert.Equal("Y=237 X=352 uint16, 1.6 um/px (CZI)\n  channels: DAPI\n", one.Output);
    }

    [SharedFact]
    public void A_stream_holds_several_images_as_a_file_does()
    {
        Assert.Equal(0, KlarProgram.Run("denoise", Czi, "--scene", "1", "-m", "median", "-o", _folder["a.tif"]).Code);
        string program = Path.Combine(AppContext.BaseDirectory, "Klar.Cli.dll");
        const string Line = "dotnet \"$0\" denoise - --scene 1 -m median -o - -q < \"$1\" > \"$2\"";
        using (var process = Process.Start("bash", ["-c", Line, program, Czi, _folder["b.tif"]]))
        {
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }

        LoadedImage named = ImageFile.Read(_folder["a.tif"]), streamed = ImageFile.Read(_folder["b.tif"]);
        Assert.Equal(named.Image.Planes[0].Samples.ToArray(), streamed.Image.Planes[0].Samples.ToArray());
    }

    [SharedTheory]
    [InlineData("estimate")]
    [InlineData("compare")]
    public void Commands_that_take_one_image_do_not_offer_an_option_that_they_lack(string command)
    {
        KlarProgram.Result result = KlarProgram.Run(command, Czi);
        result.IsOneLine(1, "it holds 3 images, and a single one is wanted here: 'klar denoise --scene N'");
    }

    [SharedFact]
    public void Info_lists_them_for_machines()
    {
        using var document = JsonDocument.Parse(KlarProgram.Run("info", Lif, "--scene", "1", "--json").Output);
        JsonElement root = document.RootElement;
        Assert.Equal(("ZCYX", 46), (root.GetProperty("axes").GetString(), root.GetProperty("pages").GetInt32()));
        Assert.Equal("[\"Green\",\"Red\"]", root.GetProperty("channelNames").ToString());
        IEnumerable<string?> scenes = root.GetProperty("scenes").EnumerateArray()
            .Select(static one => $"{one.GetProperty("scene")} {one.GetProperty("name")} {one.GetProperty("sizes")}");
        Assert.Equal(["0 xzt [20,2,128,128]", "1 xzy [23,2,128,128]", "2 xz [2,512,512]"], scenes);
    }

    [SharedFact]
    public void Without_a_number_a_file_of_several_images_is_refused_with_their_list()
    {
        string[] command = ["denoise", Czi, "-m", "median", "-o", _folder["a.tif"]];
        KlarProgram.Run(command).IsOneLine(1, "holds 3 images", "--scene N", "0 'TR1' (Y=122 X=295)", "2 'TR2'");
        KlarProgram.Run([.. command, "--scene", "3"]).IsOneLine(1, "no scene 3");
        KlarProgram.Run([.. command, "--scene", "x"]).IsOneLine(2, "--scene x");
        KlarProgram.Run([.. command, "--scene", "all"]).IsOneLine(2, "batch");
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [SharedFact]
    public void One_image_becomes_an_OME_TIFF_with_its_sidecar_and_is_not_made_twice()
    {
        string input = _folder["x.lif"], output = _folder["x_denoised.ome.tif"];
        File.Copy(Lif, input);
        string[] command = ["denoise", input, "-m", "median", "--scene", "1", "--select", "z=2-4", "c=1"];
        Assert.Equal(0, KlarProgram.Run(command).Code);
        Assert.True(File.Exists(output + ".json"));
        using (ImageStack stack = ImageStack.Open(output))
        {
            Assert.Equal(("Z=3", "OME-XML"), (stack.Axes.ToString(), stack.Axes.Source));
            Assert.Equal(0.14028, stack.Info.PixelSizeMicrometres!.Value, 1e-5);
        }

        KlarProgram.Run(command).IsOneLine(5, "exists");
        Assert.Contains("was done", KlarProgram.Run([.. command, "--resume"]).Error, StringComparison.Ordinal);
        command[5] = "0";
        KlarProgram.Result remade = KlarProgram.Run([.. command[..6], "--resume"]);
        Assert.DoesNotContain("was done", remade.Error, StringComparison.Ordinal);
        using ImageStack other = ImageStack.Open(output);
        Assert.Equal("T=20 C=2", other.Axes.ToString());
    }

    [Fact]
    public void A_folder_of_OME_Zarr_is_one_input()
    {
        string golden = Path.Combine(Repository.Folder, "tests", "Klar.Formats.Tests", "golden", "zarr.zip");
        ZipFile.ExtractToDirectory(golden, _folder.Path);
        string input = _folder["zstd.ome.zarr"], output = _folder["zstd_denoised.ome.zarr"];
        Assert.Equal(0, KlarProgram.Run("denoise", input + "/", "-m", "median").Code);
        using (ImageStack stack = ImageStack.Open(output))
        {
            Assert.Equal(("T=2 C=2 Z=2", SampleType.UInt16), (stack.Axes.ToString(), stack.Info.SampleType));
        }

        string[] again = ["denoise", input, "-m", "median", "--resume"];
        Assert.Contains("was done", KlarProgram.Run(again).Error, StringComparison.Ordinal);
        File.Delete(Path.Combine(input, "0", "0", "0", "0", "0", "0"));
        Assert.DoesNotContain("was done", KlarProgram.Run(again).Error, StringComparison.Ordinal);
        File.Delete(Path.Combine(output, "0", "0", "0", "0", "0", "0"));
        KlarProgram.Run(again).IsOneLine(5, "is not what Klar wrote there");
    }

    [SharedFact]
    public void OME_Zarr_is_written_by_the_outputs_name_and_replaced_only_on_request()
    {
        string output = _folder["out.ome.zarr"];
        string[] command = ["denoise", Czi, "--scene", "1", "-m", "median", "-o", output, "--ome-zarr", "0.5"];
        Assert.Equal(0, KlarProgram.Run(command).Code);
        Assert.True(File.Exists(Path.Combine(output, "zarr.json")) && File.Exists(output + ".json"));
        KlarProgram.Run(command).IsOneLine(5, "exists");
        Assert.Equal(0, KlarProgram.Run([.. command[..^1], "0.4", "--overwrite"]).Code);
        Assert.False(File.Exists(Path.Combine(output, "zarr.json")));
        using ImageStack source = ImageStack.Open(Czi, 1), result = ImageStack.Open(output);
        Assert.Equal(source.Axes.ToString(), result.Axes.ToString());
        Assert.Equal(source.Info.PixelSizeMicrometres, result.Info.PixelSizeMicrometres);
        Assert.Equal(source.ChannelNames, result.ChannelNames);
    }

    [SharedFact]
    public void A_set_of_OME_TIFF_files_is_one_input()
    {
        Directory.CreateDirectory(_folder["in"]);
        foreach (string file in Directory.GetFiles(SharedData.PathOf("stacks/ome"), "multifile*"))
        {
            File.Copy(file, Path.Combine(_folder["in"], Path.GetFileName(file)));
        }

        Assert.Equal(0, KlarProgram.Run("batch", _folder["in"], "-o", _folder["out"], "-m", "median").Code);
        string result = Assert.Single(Directory.GetFiles(_folder["out"], "*.ome.tiff"));
        using (ImageStack stack = ImageStack.Open(result))
        {
            Assert.Equal("Z=5", stack.Axes.ToString());
        }

        string[] both = [_folder["in/multifile-Z1.ome.tiff"], _folder["in/multifile-Z2.ome.tiff"]];
        KlarProgram.Result named = KlarProgram.Run(["denoise", .. both, "-o", _folder["named/"], "-m", "median"]);
        Assert.Equal(0, named.Code);
        const string LeftOut = "multifile-Z2.ome.tiff: left out, it is a part of multifile-Z1.ome.tiff";
        Assert.Contains(LeftOut, named.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_dataset_of_HDF5_is_named_by_its_path()
    {
        string script = Path.Combine(Repository.Folder, "tests", "Klar.Formats.Tests", "make_hdf5.py");
        using (Process made = Process.Start("/usr/bin/python3", [script, _folder.Path]))
        {
            made.WaitForExit();
            Assert.Equal(0, made.ExitCode);
        }

        string input = _folder["many sets.h5"];
        string listed = KlarProgram.Run("info", input).Output;
        Assert.Contains("/raw/volume: I=3 Y=40 X=50 float32", listed, StringComparison.Ordinal);
        Assert.Equal(
            "I=3 Y=40 X=50 float32 (hdf5)\n", KlarProgram.Run("info", input, "--dataset", "/raw/volume").Output);
        string[] command = ["denoise", input, "-m", "median"];
        KlarProgram.Run(command).IsOneLine(1, "it holds 4 images, of which --scene N takes one");
        KlarProgram.Run([.. command, "--dataset", "raw"]).IsOneLine(1, "there is no dataset raw: it holds");
        Assert.Equal(0, KlarProgram.Run("denoise", input, "-m", "median", "--dataset", "raw/volume").Code);
        Assert.Equal(3, ImageFile.Info(_folder["many sets_denoised.ome.tif"]).Pages);
    }

    [Fact]
    public void A_zip_file_of_OME_Zarr_becomes_OME_Zarr()
    {
        string golden = Path.Combine(Repository.Folder, "tests", "Klar.Formats.Tests", "golden", "zarr.zip");
        ZipFile.ExtractToDirectory(golden, _folder.Path);
        ZipFile.CreateFromDirectory(_folder["gzip.ome.zarr"], _folder["g.ome.zarr.zip"]);
        Assert.Equal(0, KlarProgram.Run("denoise", _folder["g.ome.zarr.zip"], "-m", "median").Code);
        using ImageStack result = ImageStack.Open(_folder["g_denoised.ome.zarr"]);
        Assert.Equal("T=2 C=2 Z=2", result.Axes.ToString());
    }

    [Theory]
    [InlineData("--compression", "lzw", "none, deflate or zstd")]
    [InlineData("--ome-zarr", "0.3", "0.4 or 0.5")]
    public void Other_ways_of_storing_are_refused(string option, string value, string words) =>
        KlarProgram.Run("denoise", "x.tif", option, value).IsOneLine(2, words);

    [Fact]
    public void A_folder_that_is_an_image_takes_no_result_and_holds_no_device()
    {
        string golden = Path.Combine(Repository.Folder, "tests", "Klar.Formats.Tests", "golden", "zarr.zip");
        ZipFile.ExtractToDirectory(golden, _folder.Path);
        string input = _folder["zstd.ome.zarr"], inside = Path.Combine(input, "0", "out.tif");
        KlarProgram.Run("denoise", input, "-m", "median", "-o", inside).IsOneLine(2, "inside of the input");
        Assert.False(File.Exists(inside));
        string chunk = Path.Combine(input, "0", "0", "0", "0", "0", "0");
        File.Delete(chunk);
        File.CreateSymbolicLink(chunk, "/dev/zero");
        KlarProgram.Run("denoise", input, "-m", "median", "-o", _folder["out.tif"])
            .IsOneLine(1, "its 0 is a pipe or a device, not a file");
    }

    [SharedFact]
    public void A_batch_makes_one_result_of_each_image()
    {
        Directory.CreateDirectory(_folder["in"]);
        File.Copy(Czi, _folder["in/s.czi"]);
        File.Copy(SharedData.PathOf("vendor/nuc_small_new_red.czi"), _folder["in/one.czi"]);
        File.WriteAllBytes(_folder["in/damaged.czi"], File.ReadAllBytes(Czi)[..2000]);
        string[] command = ["batch", _folder["in"], "-o", _folder["out"], "-m", "median", "--scene", "all"];
        KlarProgram.Result made = KlarProgram.Run(command);
        Assert.Equal(3, made.Code);
        Assert.Contains("damaged.czi: CZI: truncated", made.Error, StringComparison.Ordinal);
        string[] expected = ["one_denoised.ome.tif", .. AllScenes.Select(static one => $"s_{one}_denoised.ome.tif")];
        string[] found = [.. Directory.GetFiles(_folder["out"], "*.tif").Order(StringComparer.Ordinal)];
        Assert.Equal(expected, found.Select(Path.GetFileName));
        KlarProgram.Result again = KlarProgram.Run([.. command, "--resume", "--json"]);
        using var document = JsonDocument.Parse(again.Output);
        IEnumerable<string?> statuses = document.RootElement.GetProperty("files").EnumerateArray()
            .Select(static file => file.GetProperty("status").GetString());
        Assert.Equal(["failed", "skipped", "skipped", "skipped", "skipped"], statuses);
    }
}
