using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Klar.Formats;

/// <summary>SHA-256 on any system.</summary>
/// <remarks>
/// The framework's own is ten times as fast as <see cref="ManagedSha256"/>, but on Linux it is the system's OpenSSL,
/// and ends the process where there is none, as in <c>debian:12-slim</c>. Klar's archives need nothing of the system.
/// </remarks>
internal sealed class Sha256 : IDisposable
{
    /// <summary>Bytes of a hash.</summary>
    public const int HashSize = 32;

    // Those that the framework looks for.
    private static readonly string[] s_openSsl = ["libssl.so.3", "libssl.so.1.1"];
    private static readonly bool s_hasSystem = !OperatingSystem.IsLinux() || Array.Exists(s_openSsl, IsThere);

    private readonly IncrementalHash? _system =
        s_hasSystem ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null;

    private readonly ManagedSha256 _managed = new();

    /// <summary>The hash of some bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> bytes) => s_hasSystem ? SHA256.HashData(bytes) : ManagedSha256.Of(bytes);

    /// <summary>Takes the next bytes of the message.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_system is not null)
        {
            _system.AppendData(bytes);
        }
        else
        {
            _managed.Append(bytes);
        }
    }

    /// <summary>The hash of all that was appended; nothing may be appended after it.</summary>
    public byte[] Finish() => _system?.GetHashAndReset() ?? _managed.Finish();

    public void Dispose() => _system?.Dispose();

    private static bool IsThere(string library) => NativeLibrary.TryLoad(library, out _);
}
