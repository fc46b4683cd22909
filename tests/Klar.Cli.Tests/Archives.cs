using System.Diagnostics;
using System.IO.Compression;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>
/// The archives of <c>eng/publish</c>, made once for all tests of a run; <c>KLAR_ARCHIVES</c> names a folder with
/// ready ones.
/// </summary>
public sealed class Archives : IDisposable
{
    public static readonly string[] Platforms = ["linux-x64", "linux-arm64", "osx-arm64", "win-x64"];

    private readonly TemporaryFolder _unpacked = new();

    public Archives()
    {
        if (Environment.GetEnvironmentVariable("KLAR_ARCHIVES") is { } ready)
        {
            Folder = ready;
            return;
        }

        Folder = Path.Combine(Repository.Folder, "artifacts", "archives");
        Run(Path.Combine(Repository.Folder, "eng", "publish"));
    }

    internal string Folder { get; }

    public void Dispose() => _unpacked.Dispose();

    /// <summary>The archive of a platform.</summary>
    internal string FileOf(string platform) => Assert.Single(Directory.GetFiles(Folder, $"klar-*-{platform}.*"));

    /// <summary>The folder in it, unpacked.</summary>
    internal string Unpacked(string platform)
    {
        string folder = _unpacked[platform], file = FileOf(platform);
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            if (file.EndsWith(".zip", StringComparison.Ordinal))
            {
                ZipFile.ExtractToDirectory(file, folder);
            }
            else
            {
                Run("tar", "-C", folder, "-xzf", file);
            }
        }

        return Assert.Single(Directory.GetDirectories(folder));
    }

    /// <summary>Runs a program to its end and returns what it prints.</summary>
    internal static string Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + error.Result);
        return output + error.Result;
    }
}
