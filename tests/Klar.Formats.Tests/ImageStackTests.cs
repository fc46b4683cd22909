using Klar.Tests.Support;

namespace Klar.Formats.Tests;

public sealed class ImageStackTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> RealFiles
    {
        get
        {
            string[] folders = SharedData.Folder is null ? [] : ["stacks/imagej", "stacks/ome", "noisy", "formats"];
            return [.. folders.SelectMany(static folder => Directory
                .EnumerateFiles(SharedData.PathOf(folder))
                .Where(SaveAsTiff)
                .Order(StringComparer.Ordinal)
                .Select(file => $"{folder}/{Path.GetFileName(file)}"))];
        }
    }

    public void Dispose() => _folder.Dispose();

    [SharedTheory]
    [MemberData(nameof(RealFiles))]
    public void Real_files_come_back_with_every_tag_and_sample(string name)
    {
        // Alone, so that one of a set does not find the others.
        string input = _folder["in/" + Path.GetFileName(name)], output = _folder[Path.GetFileName(name)];
        Directory.CreateDirectory(_folder["in"]);
        File.Copy(SharedData.PathOf(name), input);
        Copy(input, output);
        Assert.Equal(string.Empty, Python.Run("compare_tiffs.py", input, output, "--samples"));
    }

    [Fact]
    public void Files_of_all_kinds_come_back_with_every_tag_and_sample()
    {
        Directory.CreateDirectory(_folder["in"]);
        Directory.CreateDirectory(_folder["out"]);
        Python.Run("make_tiffs.py", _folder["in"]);
        string[] files = Directory.GetFiles(_folder["in"]);
        Assert.Equal(45, files.Length);
        foreach (string file in files)
        {
            string output = Path.Combine(_folder["out"], Path.GetFileName(file));
            Copy(file, output);

            string differences = Python.Run("compare_tiffs.py", file, output, "--samples");
            Assert.True(differences.Length == 0, $"{file}: {differences}");
        }
    }

    [Fact]
    public void A_large_strip_is_read_row_by_row_to_the_same_samples()
    {
        const int Side = 4200;
        OneStripTiff.Write(_folder["one.tif"], Side, static (y, row) =>
        {
            for (int x = 0; x < row.Length; x++)
            {
                row[x] = (byte)((x * y / 97) + x + y);
            }
        });
        using ImageStack stack = ImageStack.Open(_folder["one.tif"]);
        ReadOnlySpan<float> samples = stack.Read(0).Image.Planes[0].Samples;
        for (int i = 0; i < samples.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            if (samples[i] != (byte)((x * y / 97) + x + y) / 255f)
            {
                Assert.Fail($"({x}, {y})");
            }
        }

        // What is cut off is missed.
        byte[] bytes = File.ReadAllBytes(_folder["one.tif"]);
        bytes.AsSpan(bytes.Length / 2, 1000).Clear();
        File.WriteAllBytes(_folder["one.tif"], bytes);
        using ImageStack damaged = ImageStack.Open(_folder["one.tif"]);
        Assert.Throws<BadImageFileException>(() => damaged.Read(0));
    }

    [Theory]
    [InlineData("a.tif")]
    [InlineData("a.png")]
    public void A_cancelled_token_ends_reading_and_writing_and_no_file_is_left(string name)
    {
        var image = new Image(Plane.From(64, 64, new float[64 * 64]));
        ImageFile.Write(_folder[name], image, SampleType.UInt8);
        var cancelled = new CancellationToken(canceled: true);
        Assert.Throws<OperationCanceledException>(() => ImageFile.Read(_folder[name], cancel: cancelled));
        LoadedImage loaded = ImageFile.Read(_folder[name]);
        foreach (string output in (string[])["b.tif", "b.png"])
        {
            Assert.Throws<OperationCanceledException>(
                () => ImageFile.Write(_folder[output], loaded, cancel: cancelled));
            Assert.Throws<OperationCanceledException>(
                () => ImageFile.Write(_folder[output], image, SampleType.UInt8, cancelled));
        }

        Assert.Equal([_folder[name]], Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void A_kind_of_TIFF_whose_tags_get_lost_is_warned_of()
    {
        Python.Run("make_tiffs.py", _folder.Path);
        using ImageStack lost = ImageStack.Open(_folder["lost/bigtiff_big_endian.tif"]),
            kept = ImageStack.Open(_folder["bigtiff.tif"]);
        Assert.Contains("get lost", lost.Warning, StringComparison.Ordinal);
        Assert.Null(kept.Warning);
        Assert.Equal(kept.Read(0).Image.Planes[0].Samples.ToArray(), lost.Read(0).Image.Planes[0].Samples.ToArray());
    }

    [Theory]
    [InlineData("hyperstack.tif", "T=4 Z=3 C=2", "ImageJ", 0.108)]
    [InlineData("one_directory.tif", "T=5", "ImageJ", null)]
    [InlineData("set.ome.tif", "C=2 T=4 Z=3", "OME-XML", 0.25)]
    [InlineData("bigtiff.tif", "I=2", "tiff", null)]
    public void Axes_are_those_that_the_file_states(string name, string axes, string source, double? pixel)
    {
        Python.Run("make_tiffs.py", _folder.Path);
        using ImageStack stack = ImageStack.Open(_folder[name]);
        Assert.Equal((axes, source), (stack.Axes.ToString(), stack.Axes.Source));
        Assert.Equal(pixel, stack.Info.PixelSizeMicrometres is { } size ? Math.Round(size, 6) : null);
    }

    [Theory]
    [InlineData("hyperstack.tif", 'C', 1, "T=4 Z=3")]
    [InlineData("hyperstack.tif", 'Z', 2, "T=4 C=2")]
    [InlineData("set.ome.tif", 'C', 0, "T=4 Z=3")]
    [InlineData("set.ome.tif", 'T', 3, "C=2 Z=3")]
    public void A_selection_has_the_axes_that_are_left(string name, char axis, int place, string axes)
    {
        Python.Run("make_tiffs.py", _folder.Path);
        string output = _folder["selected" + FileName.Extension(name)];
        using (ImageStack stack = ImageStack.Open(_folder[name]))
        {
            Copy(stack, output, [
                .. Enumerable.Range(0, stack.Pages).Where(page => stack.Axes.PlaceOf(page, axis) == place)
            ]);
        }

        using ImageStack selected = ImageStack.Open(output);
        Assert.Equal(axes, selected.Axes.ToString());
        using ImageStack source = ImageStack.Open(_folder[name]);
        SampleScale scale = source.Scale(Enumerable.Range(0, source.Pages));
        int last = Enumerable.Range(0, source.Pages).Last(page => source.Axes.PlaceOf(page, axis) == place);
        Assert.Equal(
            source.Read(last, scale).Image.Planes[0].Samples.ToArray(),
            selected.Read(selected.Pages - 1, scale).Image.Planes[0].Samples.ToArray());
    }

    [Theory]
    [InlineData("composite_uint8.tif")]
    [InlineData("composite_uint16.tif")]
    public void A_selection_keeps_what_ImageJ_knows_of_it(string name)
    {
        Python.Run("make_tiffs.py", _folder.Path);
        string Selected(params int[] pages)
        {
            using ImageStack stack = ImageStack.Open(_folder[name]);
            Copy(stack, _folder["out.tif"], pages);
            return Python.Run("imagej_of.py", _folder["out.tif"]);
        }

        Assert.Equal(
            "a b c d\n10 90 20 80.5\n0,255 255,0\n0,0,0 4,0,0 0,2,2\nNone None no map k=v", Selected(0, 1, 2, 3));
        Assert.Equal("b d\n20 80.5\n255,0\n0,0,0 2,0,0 0,1,2\n20 80.5 map k=v", Selected(1, 3));
        Assert.Equal("a c\n10 90\n0,255\n0,0,0\n10 90 map k=v", Selected(0, 2));
        Assert.Equal("c d\n10 90 20 80.5\n0,255 255,0\n0,0,0 2,0,0 0,2,1\nNone None no map k=v", Selected(2, 3));
        Assert.Equal("d\n20 80.5\n255,0\n0,0,0 1,0,0 0,1,1\n20 80.5 map k=v", Selected(3));
    }

    [Theory]
    [InlineData("hyperstack.tif", SampleType.Float32)]
    [InlineData("set.ome.tif", SampleType.Float32)]
    [InlineData("pages_uint8.tif", SampleType.UInt16)]
    [InlineData("palette_imagej.tif", SampleType.Float32)]
    public void Another_type_has_the_same_values_and_axes(string name, SampleType type)
    {
        Python.Run("make_tiffs.py", _folder.Path);
        string output = _folder["other" + FileName.Extension(name)];
        using ImageStack source = ImageStack.Open(_folder[name]);
        int[] pages = [.. Enumerable.Range(0, source.Pages)];
        SampleScale scale = source.Scale(pages);
        using (StackResult result = StackResult.Open(output, source, source.Axes, pages, "key", resume: false, type))
        {
            foreach (int page in pages)
            {
                result.Add(source.Read(page, scale));
            }

            result.Finish("Denoised");
        }

        using ImageStack other = ImageStack.Open(output);
        Assert.Equal((type, source.Axes.ToString()), (other.Info.SampleType, other.Axes.ToString()));
        Assert.All(pages, page => Assert.Equal(
            source.Read(page, scale).Image.Planes[0].Samples.ToArray(),
            other.Read(page, scale).Image.Planes[0].Samples.ToArray()));
        string stated = name.Contains("ome", StringComparison.Ordinal) ? "Type=\"float\"" : string.Empty;
        Assert.Contains(stated, other.DescriptionOfFirst, StringComparison.Ordinal);
    }

    [SharedFact]
    public void Files_of_one_OME_set_keep_naming_each_other()
    {
        // One after the other, each on its own: what one calls the other is what the other calls itself.
        string one = Renewed("multifile-Z1.ome.tiff"), two = Renewed("multifile-Z2.ome.tiff");
        Assert.NotEqual(one, two);
        string Renewed(string name)
        {
            string output = _folder[name.Replace(".ome", "_denoised.ome", StringComparison.Ordinal)];
            string alone = _folder[name];
            File.Copy(SharedData.PathOf("stacks/ome/" + name), alone);
            Copy(alone, output);
            using ImageStack stack = ImageStack.Open(output);
            Assert.DoesNotContain(
                "4978087c-a670-4b12-af53-256c62d8d101", stack.DescriptionOfFirst, StringComparison.Ordinal);
            return stack.DescriptionOfFirst;
        }
    }

    [Theory]
    [InlineData("TZCYX", "T=4 Z=3 C=2")]
    [InlineData("ZTCYX", "Z=3 T=4 C=2")]
    [InlineData("T12C2YX", "T=12 C=2")]
    [InlineData("z8tyx", "Z=8 T=3")]
    [InlineData("T", "T=24")]
    public void A_user_names_the_axes(string named, string axes) =>
        Assert.Equal(axes, Hyperstack.Named(named).ToString());

    [Theory]
    [InlineData("TQYX", "letters of T, Z, C")]
    [InlineData("TTYX", "each once")]
    [InlineData("T5YX", "24 pages, not 5")]
    [InlineData("ZCYX", "state the sizes")]
    [InlineData("T5ZYX", "state the sizes")]
    public void Axes_that_do_not_fit_are_refused(string named, string reason) =>
        Assert.Contains(
            reason, Assert.Throws<ArgumentException>(() => Hyperstack.Named(named)).Message, StringComparison.Ordinal);

    [Fact]
    public void Work_goes_on_behind_the_last_whole_page()
    {
        Python.Run("make_tiffs.py", _folder.Path);
        using ImageStack stack = ImageStack.Open(_folder["hyperstack.tif"]);
        int[] pages = [.. Enumerable.Range(0, stack.Pages)];
        string output = _folder["out.tif"];
        using (StackResult first = StackResult.Open(output, stack, stack.Axes, pages, "key", resume: false))
        {
            first.Add(stack.Read(0));
            first.Add(stack.Read(1));
        }

        // As after a sudden end: the third page is there by half.
        using (var file = new FileStream(StackResult.UnfinishedOf(output), FileMode.Append))
        {
            file.Write(new byte[100]);
        }

        using (StackResult other =
            StackResult.Open(_folder["other.tif"], stack, stack.Axes, pages, "key", resume: true))
        {
            Assert.Equal(0, other.Done);
            other.Abandon();
        }

        using (StackResult second = StackResult.Open(output, stack, stack.Axes, pages, "key", resume: true))
        {
            Assert.Equal(2, second.Done);
            for (int page = 2; page < pages.Length; page++)
            {
                second.Add(stack.Read(page));
            }

            second.Finish("note");
        }

        Assert.Equal(string.Empty, Python.Run("compare_tiffs.py", _folder["hyperstack.tif"], output, "--samples"));
        Assert.False(File.Exists(StackResult.UnfinishedOf(output)));
    }

    [Fact]
    public void Other_settings_begin_anew()
    {
        Python.Run("make_tiffs.py", _folder.Path);
        using ImageStack stack = ImageStack.Open(_folder["hyperstack.tif"]);
        int[] pages = [.. Enumerable.Range(0, stack.Pages)];
        using (StackResult first = StackResult.Open(_folder["out.tif"], stack, stack.Axes, pages, "key", resume: false))
        {
            first.Add(stack.Read(0));
        }

        using StackResult second =
            StackResult.Open(_folder["out.tif"], stack, stack.Axes, pages, "another key", resume: true);
        Assert.Equal(0, second.Done);
    }

    [Fact]
    public void A_stack_that_is_cut_off_says_which_page_is_missing()
    {
        Python.Run("make_tiffs.py", _folder.Path);
        byte[] bytes = File.ReadAllBytes(_folder["one_directory.tif"]);
        File.WriteAllBytes(_folder["cut.tif"], bytes[..^700]);
        using ImageStack stack = ImageStack.Open(_folder["cut.tif"]);
        Assert.Equal(
            "truncated TIFF (page 5 of 5 is missing)",
            Assert.Throws<BadImageFileException>(() => stack.Read(4)).Message);
    }

    [Fact]
    public void Formats_of_one_page_refuse_a_stack()
    {
        Python.Run("make_tiffs.py", _folder.Path);
        using ImageStack stack = ImageStack.Open(_folder["pages_uint8.tif"]);
        Assert.Contains(
            "write a TIFF file",
            Assert.Throws<BadImageFileException>(() => StackResult.RefuseUnwritable("x.png", stack, 3)).Message,
            StringComparison.Ordinal);
    }

    private static StackAxes Hyperstack { get; } = new("TZC", [4, 3, 2], "ImageJ");

    private static bool SaveAsTiff(string file) => Path.GetExtension(file) is ".tif" or ".tiff";

    private static void Copy(string input, string output)
    {
        using ImageStack stack = ImageStack.Open(input);
        Copy(stack, output, [.. Enumerable.Range(0, stack.Pages)]);
    }

    private static void Copy(ImageStack stack, string output, IReadOnlyList<int> pages)
    {
        using StackResult result = StackResult.Open(output, stack, stack.Axes, pages, "key", resume: false);
        foreach (int page in pages)
        {
            result.Add(stack.Read(page));
        }

        result.Finish("Denoised");
    }
}
