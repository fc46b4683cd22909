using System.Security.Cryptography;

namespace Klar.Web.Safety;

/// <summary>Random bytes that nobody can guess.</summary>
internal static class Entropy
{
    private const string Kernel = "/dev/urandom";

    /// <summary>Some of them in hexadecimal.</summary>
    public static string Hexadecimal(int bytes)
    {
        byte[] random = new byte[bytes];
        if (OperatingSystem.IsLinux())
        {
            // The framework's generator there is the system's OpenSSL, which need not be installed.
            using FileStream kernel = File.OpenRead(Kernel);
            kernel.ReadExactly(random);
        }
        else
        {
            RandomNumberGenerator.Fill(random);
        }

        return Convert.ToHexStringLower(random);
    }
}
