namespace Klar.Tests.Support;

/// <summary>Comparison of a kernel's number with its definition in double precision.</summary>
internal static class Close
{
    public static void Assert(double expected, float actual, double allowed, int at) =>
        Xunit.Assert.True(
            Math.Abs(expected - actual) <= allowed,
            $"at {at}: expected {expected:R}, got {actual:R}, error {Math.Abs(expected - actual):E2}, allowed "
                + $"{allowed:E2}");
}
