using System.Security.Cryptography;
using System.Text;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

public sealed class Sha256Tests
{
    /// <summary>NIST's examples for FIPS 180-4.</summary>
    [Theory]
    [InlineData("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    [InlineData("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")]
    [InlineData(
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")]
    public void Published_examples_have_their_hashes(string message, string hash) =>
        Assert.Equal(hash, Convert.ToHexStringLower(ManagedSha256.Of(Encoding.ASCII.GetBytes(message))));

    [Fact]
    public void A_million_letters_in_odd_parts_have_the_published_hash()
    {
        var hash = new ManagedSha256();
        byte[] letters = [.. Enumerable.Repeat((byte)'a', 1_000_000)];
        for (int from = 0, length = 1; from < letters.Length; from += length, length = length * 3 % 1009)
        {
            hash.Append(letters.AsSpan(from, Math.Min(length, letters.Length - from)));
        }

        Assert.Equal(
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            Convert.ToHexStringLower(hash.Finish()));
    }

    [Fact]
    public void Every_length_of_three_blocks_has_the_hash_of_the_framework()
    {
        byte[] bytes = [.. Enumerable.Range(0, 200).Select(static i => (byte)(i * 37 + 11))];
        for (int length = 0; length <= bytes.Length; length++)
        {
            byte[] expected = SHA256.HashData(bytes.AsSpan(0, length));
            Assert.Equal(expected, ManagedSha256.Of(bytes.AsSpan(0, length)));
            Assert.Equal(expected, Sha256.Of(bytes.AsSpan(0, length)));
            using var hash = new Sha256();
            hash.Append(bytes.AsSpan(0, length / 3));
            hash.Append(bytes.AsSpan(length / 3, length - (length / 3)));
            Assert.Equal(expected, hash.Finish());
        }
    }

    /// <summary>The framework's cryptography is OpenSSL on Linux, which is not in every system.</summary>
    [Fact]
    public void Nothing_else_in_the_program_needs_it()
    {
        const string Cryptography = "System.Security.Cryptography";
        string sources = Path.Combine(Repository.Folder, "src");
        string[] users = [.. Directory.EnumerateFiles(sources, "*.cs", SearchOption.AllDirectories)
            .Where(static file => File.ReadAllText(file).Contains(Cryptography, StringComparison.Ordinal))
            .Select(static file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal)];

        // A comparison of two texts; random bytes where there is no Linux; the choice that is tested here.
        Assert.Equal(["AccessToken.cs", "Entropy.cs", "Sha256.cs"], users);
    }
}
