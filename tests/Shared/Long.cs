namespace Klar.Tests.Support;

/// <summary>The category of tests that only <c>./test --long</c> runs.</summary>
internal static class Long
{
    public const string Category = "Long";
}
