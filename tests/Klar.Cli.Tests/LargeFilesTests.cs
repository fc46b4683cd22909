using System.Diagnostics;
using Klar.Formats;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>Files of microscopes that are larger than the memory they are read in.</summary>
public sealed class LargeFilesTests : IDisposable
{
    private const int Side = 2048;
    private const int Pages = 256;
    private const long MaxMemory = 500_000_000;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [Trait("Category", Long.Category)]
    [InlineData("in.ome.zarr", "out.ome.zarr")]
    [InlineData("tiles.tif", "out.tif")]
    [InlineData("in.h5", "out.ome.tif")]
    public void Two_gigabytes_go_through_median_in_half_of_one(string input, string output)
    {
        string script = Path.Combine(Repository.Folder, "tests", "Klar.Cli.Tests", "make_large.py");
        using (Process made = Process.Start("/usr/bin/python3", [script, _folder[input], $"{Pages}", $"{Side}"]))
        {
            made.WaitForExit();
            Assert.Equal(0, made.ExitCode);
        }

        string[] arguments =
        [
            "denoise", _folder[input], "-m", "median", "-o", _folder[output], "--across", "off", "--max-memory", "400M",
            "--quiet",
        ];
        using Process process = KlarProgram.Start(arguments);
        long memory = PeakMemory.Of(process, 3_600_000);
        Assert.Equal(0, process.ExitCode);
        Assert.InRange(memory, 1, MaxMemory);
        using ImageStack before = ImageStack.Open(_folder[input]), after = ImageStack.Open(_folder[output]);
        Assert.Equal((before.Pages, before.Info.Width), (after.Pages, after.Info.Width));
        Assert.Equal(before.Info.SampleType, after.Info.SampleType);

        // Pages are a ramp along x whose values rise by one from page to page: a median leaves them alone.
        foreach (int page in (int[])[0, Pages / 2, Pages - 1])
        {
            Assert.Equal(before.Read(page).Raw.Bytes, after.Read(page).Raw.Bytes);
        }
    }
}
