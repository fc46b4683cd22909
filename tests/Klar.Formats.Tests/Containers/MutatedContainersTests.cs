using System.Diagnostics;
using System.Globalization;
using Klar.Tests.Support;

namespace Klar.Formats.Tests.Containers;

/// <summary>Files with changed bytes in their headers: an image or one line, soon and in little memory.</summary>
public sealed class MutatedContainersTests : IDisposable
{
    private const int MaxSeconds = 10;
    private const long MaxBytes = 1L << 30;

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Seeds => [.. All.Keys];

    /// <summary>Small files of each format, and where their headers lie.</summary>
    private static Dictionary<string, Seed> All { get; } = new()
    {
        ["mrc"] = new Seed(new MrcBytes { Mode = 1 }.Bytes(), [(0, 64), (64, 160)]),
        ["czi"] = Czi(),
        ["lif"] = Lif(),
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Changed_headers_do_no_harm(string seed) => Fuzz(seed, rounds: 400);

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

    private sealed record Seed(byte[] Bytes, (int From, int Length)[] Headers);

    private void Fuzz(string seed, int rounds)
    {
        (byte[] whole, (int From, int Length)[] places) = All[seed];
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

            read += IsHarmless(bytes, $"klar-fuzz-{seed}-{round.ToString(CultureInfo.InvariantCulture)}") ? 1 : 0;
        }

        Assert.InRange(read, rounds / 20, rounds);
    }

    /// <summary>Whether the file could be read; the test fails where anything else comes of it than one line.</summary>
    private bool IsHarmless(byte[] bytes, string name)
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
            string kept = Path.Combine(Path.GetTempPath(), name);
            File.WriteAllBytes(kept, bytes);
            Assert.Fail($"{kept}: {failure}");
        }

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(MaxSeconds), $"{name} took {watch.Elapsed.TotalSeconds:F0} s");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MaxBytes);
        return read;
    }
}
