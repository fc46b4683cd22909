using System.Security.Cryptography;
using System.Text;

namespace Klar.Web.Safety;

/// <summary>The secret of whoever may come from another machine.</summary>
internal static class AccessToken
{
    public const string Cookie = "klar-token";

    public static string Random() => Entropy.Hexadecimal(16);

    /// <summary>Compares in a time that tells nothing.</summary>
    public static bool Same(string? given, string token) =>
        given is not null
            && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(token));
}
