using System.Diagnostics;
using System.Globalization;
using Klar.Tests.Support;

namespace Klar.Formats.Tests.Containers;

/// <summary>Files with changed bytes in their headers: an image or one line, soon and in little memory.</summary>
public sealed class MutatedContainersTests : IDisposable
{
    private const int MaxSeconds = 10;

    // PureHDF takes the 32 bits of a chunk's stored size on trust, so that memory is asked for which is never touched.
    private const long MaxBytesOfHdf5 = 1L << 33;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Seeds => [.. All.Keys];

    /// <summary>Small files of each format, and where their headers lie.</summary>
    private static Dictionary<string, Func<Seed>> All { get; } = new()
    {
        ["mrc"] = static () => new Seed(new MrcBytes { Mode = 1 }.Bytes(), [(0, 64), (64, 160)]),
        ["czi"] = Czi,
        ["lif"] = Lif,
        ["hdf5"] = static () => Hdf5("one.h5", 6000),
        ["ims"] = static () => Hdf5("x.ims", 9000),
        ["lsm"] = static () => Made("make_lsm_stk.py", "series.lsm", LsmHeaders),
        ["stk"] = static () =>
            Made("make_lsm_stk.py", "depth.stk", static bytes => [(0, 8), (bytes.Length - 560, 560)]),
        ["tiles"] = static () => Made("make_layouts.py", "tiles_deflate.tif", static _ => [(0, 400)]),
        ["pyramid"] = static () => Made("make_layouts.py", "pyramid.tif", static _ => [(0, 600)]),
        ["slide"] = static () => Made("make_layouts.py", "slide.svs", static _ => [(0, 400)]),
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Changed_headers_do_no_harm(string seed) => Fuzz(seed, rounds: 300);

    [Theory]
    [Trait("Category", Long.Category)]
    [MemberData(nameof(Seeds))]
    public void Many_changed_headers_do_no_harm(string seed) => Fuzz(seed, rounds: 5000);

    private static Seed Czi()
    {
        var file = new CziBytes { Xml = "<ImageDocument><Metadata/></ImageDocument>" };
        for (int i = 0; i < 8; i++)
        {
            (string, int)[] places = [("C", 0), ("Z", i / 4), ("T", i / 2 % 2), ("S", 0), ("M", i % 2)];
            file.Gray((byte)i, 10 * (i % 2), 0, 12, 9, places);
        }

        byte[] bytes = file.Bytes();
        return new Seed(bytes, [(0, 112), .. CziHeaders(bytes)]);
    }

    private static Seed Lif()
    {
        byte[] bytes = LifBytes.Of(2, new LifBytes.Image("a", [("1", 6, 1), ("2", 4, 6), ("3", 3, 24)], [0], 72));
        int letters = BitConverter.ToInt32(bytes, 9);
        return new Seed(bytes, [(0, 13), (13, 2 * letters), (13 + (2 * letters), 40)]);
    }

    private static Seed Hdf5(string name, int headers) =>
        Made("make_hdf5.py", name, _ => [(0, headers)]) with { MaxBytes = MaxBytesOfHdf5 };

    /// <summary>A file that a script beside the tests makes.</summary>
    private static Seed Made(string script, string name, Func<byte[], (int From, int Length)[]> headers)
    {
        using var folder = new TemporaryFolder();
        Python.Run(script, folder.Path);
        byte[] bytes = File.ReadAllBytes(folder[name]);
        return new Seed(bytes, headers(bytes));
    }

    private static (int From, int Length)[] LsmHeaders(byte[] bytes) =>
        [(0, 230), (bytes.AsSpan().IndexOf("LI\0\u0004"u8), 140), (bytes.Length - 120, 120)];

    private static IEnumerable<(int From, int Length)> CziHeaders(byte[] bytes)
    {
        for (int at = 0; at <= bytes.Length - 6; at++)
        {
            if (bytes.AsSpan(at, 6).SequenceEqual("ZISRAW"u8))
            {
                yield return (at, 340);
            }
        }
    }

    /// <param name="Bytes">The file.</param>
    /// <param name="Headers">Where its headers are.</param>
    private sealed record Seed(byte[] Bytes, (int From, int Length)[] Headers)
    {
        /// <summary>The most memory that reading a changed file may ask for.</summary>
        public long MaxBytes { get; init; } = 1L << 30;
    }

    private void Fuzz(string seed, int rounds)
    {
        Seed chosen = All[seed]();
        (byte[] whole, (int From, int Length)[] places) = chosen;
        var random = new Random(20261128);
        int read = 0;
        for (int round = 0; round < rounds; round++)
        {
            byte[] bytes = (byte[])whole.Clone();
            for (int change = random.Next(1, 5); change > 0; change--)
            {
                (int from, int length) = places[random.Next(places.Length)];
                int at = from + random.Next(Math.Min(length, bytes.Length - from));
                bytes[at] = random.Next(4) switch { 0 => 0xFF, 1 => 0, 2 => 0x7F, _ => (byte)random.Next(256) };
            }

            if (random.Next(8) == 0)
            {
                Array.Resize(ref bytes, random.Next(bytes.Length));
            }

            string name = string.Create(CultureInfo.InvariantCulture, $"klar-fuzz-{seed}-{round}");
            read += IsHarmless(chosen.MaxBytes, bytes, name) ? 1 : 0;
        }

        Assert.InRange(read, rounds / 20, rounds);
    }

    /// <summary>Whether the file could be read; the test fails where anything else comes of it than one line.</summary>
    private bool IsHarmless(long maxBytes, byte[] bytes, string name)
    {
        string path = _folder["mutated"];
        File.WriteAllBytes(path, bytes);
        var watch = Stopwatch.StartNew();
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool read = true;
        try
        {
            foreach (SceneInfo scene in ImageStack.Scenes(path).Take(3))
            {
                using ImageStack stack = ImageStack.Open(path, scene.Number);
                _ = stack.Read(0);
                _ = stack.Read(stack.Pages - 1);
            }
        }
        catch (BadImageFileException failure)
        {
            Assert.DoesNotContain('\n', failure.Message);
            read = false;
        }
        catch (Exception failure)
        {
            Fail(bytes, name, failure.ToString());
        }

        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        if (watch.Elapsed > TimeSpan.FromSeconds(MaxSeconds) || allocated > maxBytes)
        {
            Fail(bytes, name, $"it took {watch.Elapsed.TotalSeconds:F0} s and {allocated} bytes");
        }

        return read;
    }

    /// <summary>Keeps the file for whoever looks into it.</summary>
    private static void Fail(byte[] bytes, string name, string what)
    {
        string kept = Path.Combine(Path.GetTempPath(), name);
        File.WriteAllBytes(kept, bytes);
        Assert.Fail($"{kept}: {what}");
    }
}
