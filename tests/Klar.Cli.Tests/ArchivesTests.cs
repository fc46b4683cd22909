using System.Security.Cryptography;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>
/// What is in the archives of <c>eng/publish</c>, and that the one for Linux runs on a machine that has nothing.
/// Long: to compile all of the framework that Klar uses for four platforms takes ten minutes.
/// </summary>
[Trait("Category", Long.Category)]
public sealed class ArchivesTests(Archives archives) : IClassFixture<Archives>
{
    private const long MaxPacked = 60_000_000;
    private const int MaxLicences = 30;

    public static TheoryData<string> Platforms => [.. Archives.Platforms];

    [Theory]
    [MemberData(nameof(Platforms))]
    public void Every_native_library_is_there_and_for_the_right_processor(string platform)
    {
        Assert.InRange(new FileInfo(archives.FileOf(platform)).Length, 20_000_000, MaxPacked);
        string folder = archives.Unpacked(platform);
        string[] native = [.. Directory.GetFiles(folder).Where(static file => NativeFile.PlatformOf(file) is not null)];
        Assert.All(native, file => Assert.Equal((file, platform), (file, NativeFile.PlatformOf(file))));
        (string before, string after) = platform.StartsWith("win", StringComparison.Ordinal) ? (string.Empty, ".dll")
            : platform.StartsWith("osx", StringComparison.Ordinal) ? ("lib", ".dylib")
            : ("lib", ".so");
        string vips = after switch { ".dll" => "libvips-42.dll", ".dylib" => "libvips.42.dylib", _ => "libvips.so.42" };
        string program = after == ".dll" ? "klar.exe" : "klar";
        string sqlite = after == ".dll" ? "e_sqlite3.dll" : $"libe_sqlite3{after}";
        string[] expected =
        [
            program, vips, sqlite, $"{before}coreclr{after}", $"{before}clrjit{after}", $"{before}hostfxr{after}",
            $"{before}hostpolicy{after}",
        ];
        Assert.Empty(expected.Except(native.Select(static file => Path.GetFileName(file))));
    }

    [Fact]
    public void The_program_for_macOS_is_signed() =>
        Assert.True(NativeFile.IsSigned(Path.Combine(archives.Unpacked("osx-arm64"), "klar")));

    [Theory]
    [MemberData(nameof(Platforms))]
    public void Licences_of_all_that_is_in_it_are_there(string platform)
    {
        string folder = archives.Unpacked(platform), licences = Path.Combine(folder, "licences");
        string notices = File.ReadAllText(Path.Combine(licences, "NOTICES.md"));
        Assert.InRange(Directory.GetFiles(licences).Length, 10, MaxLicences);
        Assert.Contains("can be replaced", notices, StringComparison.Ordinal);
        string[] texts = [.. notices.Split('`').Where(static word => word.EndsWith(".txt", StringComparison.Ordinal))];
        Assert.All(texts, name => Assert.True(File.Exists(Path.Combine(licences, name)), name));

        // Assemblies are the framework's, Klar's, or named one by one.
        foreach (string file in Directory.GetFiles(folder, "*.dll").Select(static file => Path.GetFileName(file)))
        {
            string start = file.Split('.')[0];
            bool isNamed = notices.Contains($"`{file}`", StringComparison.Ordinal)
                || notices.Contains($"`{start}.*", StringComparison.Ordinal)
                || start is "Klar" or "mscorlib" or "netstandard" or "WindowsBase"
                || NativeFile.PlatformOf(Path.Combine(folder, file)) is not null;
            Assert.True(isNamed, file);
        }
    }

    [Fact]
    public void Sums_are_those_of_the_archives()
    {
        string[] lines = File.ReadAllLines(Path.Combine(archives.Folder, "SHA256SUMS"));
        Assert.Equal(Archives.Platforms.Length, lines.Length);
        foreach (string[] line in lines.Select(static line => line.Split("  ")))
        {
            using FileStream file = File.OpenRead(Path.Combine(archives.Folder, line[1]));
            Assert.Equal(line[0], Convert.ToHexStringLower(SHA256.HashData(file)));
        }
    }

    /// <summary>
    /// In a Debian of the packages that every Debian has, less OpenSSL, without .NET, fonts and network: the
    /// demonstration, the tutorial, the page.
    /// </summary>
    [RootFact]
    public void It_runs_where_there_is_nothing()
    {
        using var folder = new TemporaryFolder();
        Archives.Run("debootstrap", "--variant=minbase", "stable", folder["root"]);
        Archives.Run("cp", "-r", archives.Unpacked("linux-x64"), folder["root/opt/klar"]);
        File.WriteAllText(folder["root/try"], """
            set -eu
            mount -t proc proc /proc
            trap 'umount /proc' EXIT
            mkdir /data && cd /data
            PATH=/opt/klar:$PATH
            ! command -v dotnet
            find / -xdev ! -type d \( -name 'libssl*' -o -name 'libcrypto*' -o -name 'libicu*' \) -delete
            klar demo

            """ + DocCommands.Of("tutorial.md") + """

            ask() { # ask METHOD PATH FILE: what the page's server answers
              exec 3<>/dev/tcp/127.0.0.1/8099
              printf '%s %s HTTP/1.0\r\nHost: 127.0.0.1:8099\r\n' "$1" "$2" >&3
              printf 'Content-Type: application/json\r\nContent-Length: %s\r\n\r\n' "$(stat -Lc %s "$3")" >&3
              cat "$3" >&3
              cat <&3
            }
            klar serve --port 8099 >page &
            server=$!
            until grep -q http page; do sleep 0.2; done
            ask GET / /dev/null | head -1
            id=$(ask POST /api/files?name=cells.tif cells.tif | grep -o '"id":"[0-9a-f]*"' | head -1)
            printf '{"kind":"Denoise","file":%s,"settings":{"method":"bm3d"}}' "${id#*:}" >job
            ask POST /api/jobs job | tail -1
            until ask GET /api/jobs /dev/null | grep -qE '"state":"(Done|Failed)"'; do sleep 0.5; done
            ask GET /api/jobs /dev/null | grep -q '"state":"Done"' && echo the page has denoised
            kill -TERM $server; wait $server || true
            """);
        string said = Archives.Run(
            "unshare", "-n", "-m", "bash", "-c", $"ip link set lo up; exec chroot {folder["root"]} bash /try");
        Assert.Contains("HTTP/1.1 200 OK", said, StringComparison.Ordinal);
        Assert.Contains("the page has denoised", said, StringComparison.Ordinal);
        Assert.Contains("cells.tif -> cells_denoised.tif", said, StringComparison.Ordinal);
        Assert.True(File.Exists(folder["root/data/clean/a_denoised.tif"]));
        Assert.DoesNotContain("ontconfig", said, StringComparison.Ordinal);
        Assert.Equal(3, Directory.GetFiles(folder["root/data/klar-demo"], "demo_*.png").Length);
    }
}
