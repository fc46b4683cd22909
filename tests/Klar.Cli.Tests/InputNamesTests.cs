using Klar.Formats;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>Which files are taken for inputs, and where their results go.</summary>
public sealed class InputNamesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public InputNamesTests()
    {
        Directory.CreateDirectory(_folder["a"]);
        Directory.CreateDirectory(_folder["b"]);
        Write("a/x.tif");
        Write("b/x.tif");
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData]
    [InlineData("--overwrite")]
    public void Two_inputs_of_one_name_are_refused_before_anything_is_done(params string[] options)
    {
        KlarProgram.Result run = KlarProgram.Run(
            ["denoise", _folder["a/x.tif"], _folder["b/x.tif"], "-m", "median", "-o", _folder["out/"], .. options]);
        run.IsOneLine(2, "a/x.tif and ", "would both be written to");
        Assert.False(Directory.Exists(_folder["out"]));
    }

    [Fact]
    public void A_folder_that_is_denoised_in_place_twice_gives_the_same_results()
    {
        Assert.Equal(0, KlarProgram.Run("denoise", _folder["a"], "-m", "gaussian", "--residual").Code);
        string[] before = Directory.GetFiles(_folder["a"]);
        Assert.Equal(0, KlarProgram.Run("denoise", _folder["a"], "-m", "gaussian", "--overwrite").Code);
        Assert.Equal(before.Order(), Directory.GetFiles(_folder["a"]).Order());
        Assert.Equal(5, KlarProgram.Run("denoise", _folder["a"], "-m", "gaussian").Code);
    }

    [Fact]
    public void Of_files_that_a_shell_names_results_are_left_out_and_this_is_said()
    {
        Assert.Equal(0, KlarProgram.Run("denoise", _folder["a/x.tif"], "-m", "gaussian").Code);
        KlarProgram.Result run = KlarProgram.Run(
            "denoise", _folder["a/x.tif"], _folder["a/x_denoised.tif"], "-m", "gaussian", "--overwrite");
        Assert.Equal((0, true), (run.Code, run.Error.Contains("x_denoised.tif: left out", StringComparison.Ordinal)));
        Assert.False(File.Exists(_folder["a/x_denoised_denoised.tif"]));

        // Named alone it is meant.
        run = KlarProgram.Run("denoise", _folder["a/x_denoised.tif"], "-m", "gaussian", "-o", _folder["twice.tif"]);
        Assert.Equal(0, run.Code);
    }

    [Fact]
    public void Hidden_files_are_no_inputs()
    {
        File.WriteAllBytes(_folder["a/._x.tif"], [0, 5, 22, 7]);
        Assert.Equal(0, KlarProgram.Run("denoise", _folder["a"], "-m", "median", "-o", _folder["out1/"]).Code);
        KlarProgram.Result run = KlarProgram.Run(
            "denoise", _folder["a/._x.tif"], _folder["a/x.tif"], "-m", "median", "-o", _folder["out2/x.tif"]);
        Assert.Equal(0, run.Code);
        Assert.Equal(0, KlarProgram.Run("batch", _folder["a"], "-m", "median", "-o", _folder["out3"]).Code);
    }

    [Fact]
    public void Batch_takes_no_results_beside_their_inputs_but_a_folder_of_results()
    {
        Assert.Equal(0, KlarProgram.Run("denoise", _folder["a"], "-m", "gaussian").Code);
        Assert.Equal(0, KlarProgram.Run("batch", _folder["a"], "-m", "median", "-o", _folder["out"]).Code);
        Assert.Equal(["x_denoised.tif"], Directory.GetFiles(_folder["out"], "*.tif").Select(Path.GetFileName));
        Assert.Equal(0, KlarProgram.Run("batch", _folder["out"], "-m", "median", "-o", _folder["again"]).Code);
        Assert.Equal(
            ["x_denoised_denoised.tif"], Directory.GetFiles(_folder["again"], "*.tif").Select(Path.GetFileName));
    }

    [Fact]
    public void Formats_that_are_only_read_give_TIFF()
    {
        File.Copy(_folder["a/x.tif"], _folder["cells"]);
        Assert.Equal(0, KlarProgram.Run("denoise", _folder["cells"], "-m", "median").Code);
        Assert.True(File.Exists(_folder["cells_denoised.tif"]));
    }

    private void Write(string name)
    {
        float[] samples = [.. Enumerable.Range(0, 64).Select(static i => i % 7 / 6f)];
        var image = new Image(Plane.From(8, 8, samples), new SampleScale(0, 600, Bounded: true));
        ImageFile.Write(_folder[name], image, SampleType.UInt16);
    }
}
