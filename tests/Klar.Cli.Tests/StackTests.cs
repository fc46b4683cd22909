using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Klar.Formats;
using Klar.Noise;
using Klar.Reports;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

public sealed class StackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SharedTheory]
    [InlineData("stacks/imagej/xyzc_16bit__dna_conf_wf.tif", "Z=45 C=2 Y=130 X=133 uint16, 0.5119 um/px (ImageJ)")]
    [InlineData(
        "stacks/imagej/xyt_calibrated_16bit__golgi_bfa_sum_projection.tif",
        "T=30 Y=137 X=147 float32, 0.3514 um/px (ImageJ)")]
    [InlineData("stacks/ome/multi-channel.ome.tif", "C=3 Y=167 X=439 int8 (OME-XML)")]
    [InlineData("stacks/imagej/cancer_cell_migration_crop.tif", "I=48 Y=130 X=130 uint16 (tiff)")]
    public void Info_says_what_the_pages_are(string name, string line) =>
        Assert.Equal(line + "\n", KlarProgram.Run("info", SharedData.PathOf(name)).Output);

    [SharedFact]
    public void Axes_are_not_guessed_in_silence()
    {
        string file = SharedData.PathOf("stacks/imagej/cancer_cell_migration_crop.tif");
        Assert.Contains("--axes", KlarProgram.Run("info", file).Error, StringComparison.Ordinal);
        Assert.Equal("T=48 Y=130 X=130 uint16 (--axes)\n", KlarProgram.Run("info", file, "--axes", "TYX").Output);
        KlarProgram.Run("denoise", file, "-m", "median", "--select", "t=0", "-o", _folder["x.tif"]).IsOneLine(
            2, "--select t=0", "--axes");
        Assert.Equal(0, KlarProgram.Run(
            "denoise", file, "-m", "median", "--axes", "TYX", "--select", "t=3-5,9", "-o", _folder["x.tif"]).Code);
        Assert.Equal(4, ImageFile.Info(_folder["x.tif"]).Pages);
    }

    [Fact]
    public void Every_page_is_denoised_with_the_noise_of_them_all_and_in_the_stacks_scale()
    {
        Stack("stack.tif", pages: 4, side: 96);
        Assert.Equal(0, KlarProgram.Run("denoise", _folder["stack.tif"], "-m", "bm3d", "-o", _folder["out.tif"]).Code);
        using ImageStack noisy = ImageStack.Open(_folder["stack.tif"]),
            clean = ImageStack.Open(_folder["stack.tif.clean.tif"]), result = ImageStack.Open(_folder["out.tif"]);
        SampleScale scale = noisy.Scale(Enumerable.Range(0, 4));
        for (int page = 0; page < 4; page++)
        {
            double before = Squares(clean.Read(page, scale).Image, noisy.Read(page, scale).Image),
                after = Squares(clean.Read(page, scale).Image, result.Read(page, scale).Image);
            // Five decibels.
            Assert.True(after < 0.316 * before, $"page {page}: {before}, {after}");
        }

        JsonElement sidecar = JsonDocument.Parse(File.ReadAllText(_folder["out.tif.json"])).RootElement;
        Assert.Equal(("IYX", 4), (
            sidecar.GetProperty("stack").GetProperty("axes").GetString(),
            sidecar.GetProperty("stack").GetProperty("pages").GetInt32()));
    }

    [Fact]
    public void A_page_comes_out_the_same_whichever_others_are_done()
    {
        Stack("stack.tif", pages: 3, side: 48);
        foreach ((
            string output,
            string[] select) in (IEnumerable<(string, string[])>)[("all.tif", []), ("last.tif", ["--select", "i=2"])])
        {
            string[] arguments =
            [
                "denoise", _folder["stack.tif"], "-m", "zs-n2n", "--noise-model", "none", "--set", "zs-n2n.steps=20",
                "-o", _folder[output], .. select
            ];
            Assert.Equal(0, KlarProgram.Run(arguments).Code);
        }

        using ImageStack all = ImageStack.Open(_folder["all.tif"]), last = ImageStack.Open(_folder["last.tif"]);
        var scale = new SampleScale(0, 65535, Bounded: true);

        // Their scales differ by what the other pages span, and with it the rounding of a float's last bits.
        float[] one = all.Read(2, scale).Image.Planes[0].Samples.ToArray(),
            other = last.Read(0, scale).Image.Planes[0].Samples.ToArray();
        Assert.True(one.Zip(other).Max(static pair => Math.Abs(pair.First - pair.Second)) < 0.02, "more than rounding");
    }

    [Fact]
    public void Pages_in_tiles_share_a_network_that_is_trained_once()
    {
        // The fifth page is the first again.
        Stack("stack.tif", pages: 5, side: 700);
        KlarProgram.Result run = KlarProgram.Run(
            "denoise", _folder["stack.tif"], "-m", "zs-n2n", "--noise-model", "none", "--set", "zs-n2n.steps=6",
            "--max-memory", "170M", "-o", _folder["out.tif"]);
        Assert.Equal(0, run.Code);
        Assert.Contains("in tiles of", run.Error, StringComparison.Ordinal);
        using ImageStack result = ImageStack.Open(_folder["out.tif"]);
        float[][] pages =
        [
            .. Enumerable.Range(0, 5).Select(page => result.Read(page).Image.Planes[0].Samples.ToArray())
        ];
        Assert.Equal(pages[0], pages[4]);
        Assert.NotEqual(pages[0], pages[1]);
    }

    [Fact]
    public void Estimate_takes_all_pages_and_compare_page_by_page()
    {
        Stack("stack.tif", pages: 4, side: 96);
        KlarProgram.Result estimate = KlarProgram.Run("estimate", _folder["stack.tif"], "--json");
        Assert.True(estimate.Code == 0, estimate.Error);
        JsonElement noise = JsonDocument.Parse(estimate.Output).RootElement;
        using ImageStack stack = ImageStack.Open(_folder["stack.tif"]);
        SampleScale scale = stack.Scale(Enumerable.Range(0, 4));

        // 20 of 255 of 30000 grey levels, within the accuracy of a measurement on four small pages.
        double expected = 20 * 30000 / scale.Range;
        Assert.InRange(noise.GetProperty("sigma255").GetDouble(), 0.85 * expected, 1.15 * expected);
        Assert.False(noise.TryGetProperty("channels", out _));

        KlarProgram.Result compared = KlarProgram.Run(
            "compare", _folder["stack.tif"], "--reference", _folder["stack.tif.clean.tif"], "--methods", "median",
            "--json");
        Assert.True(compared.Code == 0, compared.Error);
        JsonElement[] rows = [.. JsonDocument.Parse(compared.Output).RootElement.GetProperty("rows").EnumerateArray()];
        Assert.Equal(8, rows.Length);
        Assert.Equal(
            Enumerable.Range(0, 4).Select(static page => $"stack_page00{page}.tif"),
            rows.Select(static row => Path.GetFileName(row.GetProperty("image").GetString()!)).Distinct());
        double[] Psnr(string method) =>
        [
            .. rows.Where(row => row.GetProperty("method").GetString() == method)
                .Select(static row => row.GetProperty("psnr").GetDouble()),
        ];
        Assert.All(Psnr("noisy").Zip(Psnr("median")), static page => Assert.True(page.Second > page.First + 2));
    }

    [Fact]
    public void Estimate_measures_each_channel_of_a_stack()
    {
        Stack("stack.tif", pages: 4, side: 64);
        string script = $"import tifffile; a = tifffile.imread('{_folder["stack.tif"]}'); "
            + $"tifffile.imwrite('{_folder["two.tif"]}', a.reshape(2, 2, 64, 64), imagej=True, "
            + "metadata={'axes': 'TCYX'})";
        using Process python = Process.Start("/usr/bin/python3", ["-c", script]);
        python.WaitForExit();
        JsonElement noise =
            JsonDocument.Parse(KlarProgram.Run("estimate", _folder["two.tif"], "--json").Output).RootElement;
        Assert.Equal(2, noise.GetProperty("channels").GetArrayLength());
        Assert.Equal(
            noise.GetProperty("sigma255").GetDouble(),
            noise.GetProperty("channels")[0].GetProperty("sigma255").GetDouble());
        string text = KlarProgram.Run("estimate", _folder["two.tif"]).Output;
        Assert.Contains("channel 0", text, StringComparison.Ordinal);
        Assert.Contains("channel 1", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Side_outputs_have_as_many_pages_as_the_result()
    {
        Stack("stack.tif", pages: 3, side: 64);
        string[] command =
        [
            "denoise", _folder["stack.tif"], "-m", "bm3d", "--sigma", "20", "--output-type", "float", "-o",
            _folder["out.tif"], "--residual", "--uncertainty", "--report",
        ];
        KlarProgram.Result run = KlarProgram.Run(command);
        Assert.True(run.Code == 0, run.Error);
        using ImageStack noisy = ImageStack.Open(_folder["stack.tif"]), result = ImageStack.Open(_folder["out.tif"]);
        using ImageStack residual = ImageStack.Open(_folder["out_residual.tif"]);
        using ImageStack uncertainty = ImageStack.Open(_folder["out_uncertainty.tif"]);
        Assert.Equal((3, 3, 3), (result.Pages, residual.Pages, uncertainty.Pages));
        var grey = new SampleScale(0, 1, Bounded: false);
        for (int page = 0; page < 3; page++)
        {
            float[] Of(ImageStack stack) => stack.Read(page, grey).Image.Planes[0].Samples.ToArray();
            float[] input = Of(noisy), output = Of(result), difference = Of(residual);

            // In grey levels up to 45000, of which a float holds 1/256.
            Assert.All(
                Enumerable.Range(0, input.Length), i => Assert.Equal(input[i] - output[i], difference[i], 0.02));
            Assert.InRange(Of(uncertainty).Average(), 1, 5000);
        }

        Assert.Contains("stack.tif", File.ReadAllText(_folder["out_report.html"]), StringComparison.Ordinal);
        JsonElement outputs =
            JsonDocument.Parse(File.ReadAllText(_folder["out.tif.json"])).RootElement.GetProperty("outputs");
        Assert.Equal(
            ["out.tif", "out_report.html", "out_residual.tif", "out_uncertainty.tif"],
            outputs.EnumerateObject().Select(static file => file.Name).Order(StringComparer.Ordinal));
        Assert.DoesNotContain(
            Directory.GetFiles(_folder.Path), static file => file.Contains("unfinished", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stopped_stack_goes_on_at_its_page_in_constant_memory() => StopAndGoOn(20, "median");

    [Theory]
    [Trait("Category", Long.Category)]
    [InlineData(500, "median")]
    [InlineData(500, "klar")]
    public void A_long_stack_goes_on_at_its_page_in_constant_memory(int pages, string method) =>
        StopAndGoOn(pages, method);

    [Fact]
    public void A_damaged_page_is_named_and_nothing_is_left()
    {
        Stack("stack.tif", pages: 3, side: 64);
        byte[] bytes = File.ReadAllBytes(_folder["stack.tif"]);
        File.WriteAllBytes(_folder["cut.tif"], bytes[..(bytes.Length - 5000)]);
        KlarProgram.Result result =
            KlarProgram.Run("denoise", _folder["cut.tif"], "-m", "median", "-o", _folder["out.tif"]);
        result.IsOneLine(1, "cut.tif: truncated TIFF (page ");
        Assert.DoesNotContain(
            Directory.GetFiles(_folder.Path), static file => file.Contains("out.tif", StringComparison.Ordinal));
    }

    [Fact]
    public void A_stack_that_changes_while_it_is_read_is_refused_and_nothing_is_left()
    {
        Stack("stack.tif", pages: 2, side: 32);
        using Process process = KlarProgram.Start(
            "denoise", _folder["stack.tif"], "-m", "zs-n2n", "--set", "zs-n2n.steps=3000", "-o", _folder["out.tif"],
            "--attached");
        KlarProgram.WaitForProgress(process); // the file is open before anything is denoised
        using (FileStream file = File.OpenWrite(_folder["stack.tif"]))
        {
            file.Position = file.Length - 1;
            file.WriteByte(0x55);
        }

        KlarProgram.Result result = KlarProgram.Wait(process);
        Assert.Equal(1, result.Code);
        Assert.Contains("changed while it was read", result.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(
            Directory.GetFiles(_folder.Path), static file => file.Contains("out.tif", StringComparison.Ordinal));
    }

    [Fact]
    public void Memory_stays_below_what_is_allowed() => Bounded(2048, "bm3d", "300M");

    [Fact]
    [Trait("Category", Long.Category)]
    public void Memory_stays_below_what_is_allowed_with_networks_too() => Bounded(2048, "klar", "400M");

    [Theory]
    [Trait("Category", Long.Category)]
    [InlineData("median", "2G")]
    [InlineData("bm3d", "2G")]
    [InlineData("klar", "2G")]
    public void Memory_stays_below_what_is_allowed_for_a_large_page(string method, string most) =>
        Bounded(8192, method, most);

    [Fact]
    public void Too_little_memory_is_said_before_anything_is_done()
    {
        ImageFile.Write(_folder["x.tif"], DemoPicture.Create(512), SampleType.UInt16);
        KlarProgram.Run("denoise", _folder["x.tif"], "-m", "klar", "--max-memory", "50M").IsOneLine(
            1, "needs about", "may take 50 MB");

        // What is said to be needed is enough.
        string said = KlarProgram.Run("denoise", _folder["x.tif"], "-m", "median", "--max-memory", "130M").Error;
        string needed = System.Text.RegularExpressions.Regex.Match(said, "needs about ([0-9]+) MB").Groups[1].Value;
        KlarProgram.Result run = KlarProgram.Run(
            "denoise", _folder["x.tif"], "-m", "median", "--max-memory", needed + "M", "-o", _folder["y.tif"]);
        Assert.Equal(0, run.Code);
        KlarProgram.Run("denoise", _folder["x.tif"], "-m", "median", "--max-memory", "")
            .IsOneLine(2, "--max-memory ''");
        KlarProgram.Run("denoise", _folder["x.tif"], "-m", "klar", "--max-memory", "much").IsOneLine(
            2, "--max-memory much");
    }

    private void Bounded(int side, string method, string most)
    {
        // The demo picture over and over, with noise.
        Image tile = DemoPicture.Create(512);
        var page = new Image(Plane.Create(side, side, tile.Planes[0], static (to, from) =>
        {
            int width = (int)Math.Sqrt(to.Length);
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = 0.1f + (0.8f * from.Row(i / width % 512)[i % width % 512]);
            }
        }), new SampleScale(0, 20000, Bounded: true));
        ImageFile.Write(
            _folder["page.tif"], new GaussianNoise(20).AddTo(page, clip: true, new RunSettings()), SampleType.UInt16);
        using Process process = KlarProgram.Start(
            "denoise", _folder["page.tif"], "-m", method, "--effort", "fast", "--max-memory", most, "-o",
            _folder["out.tif"]);
        long memory = PeakMemory.Of(process, 3_600_000);
        KlarProgram.Result result = KlarProgram.Wait(process);
        Assert.True(result.Code == 0, result.Error);
        Assert.Contains("of memory", result.Error, StringComparison.Ordinal);
        Assert.InRange(
            memory, 1, most == "2G" ? 2L << 30 : int.Parse(most[..^1], CultureInfo.InvariantCulture) * (1L << 20));
        if (side <= 2048)
        {
            ImageFile.Write(_folder["clean.tif"], page, SampleType.UInt16);
            double psnr = JsonDocument.Parse(KlarProgram.Run(
                "metrics", _folder["clean.tif"], _folder["out.tif"],
                "--json").Output).RootElement.GetProperty("psnr").GetDouble();
            double noisy = JsonDocument.Parse(KlarProgram.Run(
                "metrics", _folder["clean.tif"], _folder["page.tif"],
                "--json").Output).RootElement.GetProperty("psnr").GetDouble();
            Assert.True(psnr > noisy + 8, $"{noisy} -> {psnr} dB");
        }
    }

    /// <summary>
    /// Stopped on the way, gone on with; equal to a run that was not; with no more memory for more pages.
    /// </summary>
    private void StopAndGoOn(int pages, string method)
    {
        Stack("stack.tif", pages, side: 512);
        string[] command =
        [
            "denoise", _folder["stack.tif"], "-m", method, "--effort", "fast", "-o", _folder["out.tif"], "--resume"
        ];
        using (Process process = KlarProgram.Start(command))
        {
            // Stopped once some pages are done.
            string unfinished = StackResult.UnfinishedOf(_folder["out.tif"]);
            long twoPages = 2 * 2 * 512 * 512;
            while (!process.HasExited && (!File.Exists(unfinished) || new FileInfo(unfinished).Length < twoPages))
            {
                Thread.Sleep(20);
            }

            using (var kill = Process.Start("kill", ["-INT", process.Id.ToString(CultureInfo.InvariantCulture)]))
            {
                kill.WaitForExit();
            }

            KlarProgram.Result stopped = KlarProgram.Wait(process);
            Assert.Equal(130, stopped.Code);
            Assert.Contains("--resume", stopped.Error, StringComparison.Ordinal);
            Assert.True(File.Exists(unfinished) && !File.Exists(_folder["out.tif"]));
        }

        using (Process process = KlarProgram.Start(command))
        {
            long most = PeakMemory.Of(process, 3 * 3_600_000);
            Assert.Equal(0, KlarProgram.Wait(process).Code);
            Assert.InRange(most, 0, 500L << 20);
        }

        command[^2] = _folder["undisturbed.tif"];
        Assert.Equal(0, KlarProgram.Run(command).Code);
        Assert.Equal(File.ReadAllBytes(_folder["undisturbed.tif"]), File.ReadAllBytes(_folder["out.tif"]));
        Assert.Equal(pages, ImageFile.Info(_folder["out.tif"]).Pages);
    }

    /// <summary>A stack of 16 bits with noise, and beside it the same without.</summary>
    private void Stack(string name, int pages, int side)
    {
        // The writer takes its pages from a file: one that libvips makes of single images would do, but tifffile is
        // at hand and quick.
        string noisy = _folder["noisy.raw"], clean = _folder["clean.raw"];
        var scale = new SampleScale(0, 65535, Bounded: true);
        Image picture = new(DemoPicture.Create(side).Planes, scale);
        using (FileStream noisyFile = File.Create(noisy), cleanFile = File.Create(clean))
        {
            for (int page = 0; page < pages; page++)
            {
                Image taken =
                    new GaussianNoise(20).AddTo(picture, clip: false, new RunSettings { Seed = (ulong)(page % 4) });
                foreach ((
                    FileStream file,
                    Image image) in (IEnumerable<(FileStream, Image)>)[(noisyFile, taken), (cleanFile, picture)])
                {
                    ushort[] samples = [.. image.Planes[0].Samples.ToArray().Select(
                        static sample => (ushort)Math.Clamp(10000 + (30000 * sample), 0, 65535))];
                    file.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<ushort>(samples));
                }
            }
        }

        foreach ((string raw, string tiff) in (IEnumerable<(string, string)>)[(
            noisy, _folder[name]), (clean, _folder[name + ".clean.tif"])])
        {
            string script = $"import numpy, tifffile; tifffile.imwrite('{tiff}', numpy.fromfile('{raw}', "
                + $"'uint16').reshape({pages}, {side}, {side}), photometric='minisblack', metadata=None)";
            using Process python = Process.Start("/usr/bin/python3", ["-c", script]);
            python.WaitForExit();
            Assert.Equal(0, python.ExitCode);
            File.Delete(raw);
        }
    }

    private static double Squares(Image a, Image b) => a.Planes[0].Samples
        .ToArray()
        .Zip(b.Planes[0].Samples.ToArray(), static (x, y) => (double)(x - y) * (x - y))
        .Average();
}
