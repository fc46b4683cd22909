using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Klar.Tests.Support;

/// <summary>
/// The bits of results, kept in <c>Fingerprints.approved.txt</c>: the runs at every forced register width, on every
/// number
/// of threads and on every machine compare with the same ones. <c>UPDATE_APPROVED=1</c> rewrites an entry.
/// </summary>
internal static class Fingerprints
{
    private static readonly Lock Writing = new();

    public static void Matches(string name, ReadOnlySpan<float> result)
    {
        string actual = Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes(result)))[..32];
        if (Environment.GetEnvironmentVariable("UPDATE_APPROVED") == "1")
        {
            Rewrite(name, actual);
            return;
        }

        Dictionary<string, string> approved = Read(Path.Combine(AppContext.BaseDirectory, "Fingerprints.approved.txt"));
        Assert.True(approved.TryGetValue(name, out string? expected), $"no approved fingerprint of '{name}'");
        Assert.Equal(expected, actual);
    }

    private static void Rewrite(string name, string fingerprint)
    {
        string path = Path.Combine(Repository.Folder, "tests", "Klar.Tests", "Fingerprints.approved.txt");
        lock (Writing)
        {
            Dictionary<string, string> approved = File.Exists(path) ? Read(path) : [];
            approved[name] = fingerprint;
            File.WriteAllLines(path, approved.OrderBy(static entry => entry.Key, StringComparer.Ordinal).Select(
                static entry => $"{entry.Value} {entry.Key}"));
        }
    }

    private static Dictionary<string, string> Read(string path) =>
        File.ReadAllLines(path).ToDictionary(static line => line[33..], static line => line[..32]);
}
