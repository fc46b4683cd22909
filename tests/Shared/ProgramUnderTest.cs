using System.Diagnostics;

namespace Klar.Tests.Support;

/// <summary>
/// How tests start the program: the one that <c>KLAR_PROGRAM</c> names (in <c>./test</c> the compiled one that users
/// start by <c>./klar</c>, which spares thousands of runs their just-in-time compilation), else the build's own.
/// </summary>
internal static class ProgramUnderTest
{
    private static readonly string? Named = Environment.GetEnvironmentVariable("KLAR_PROGRAM");
    private static readonly string Built = Path.Combine(AppContext.BaseDirectory, "Klar.Cli.dll");

    /// <summary>The program and its first arguments, for a shell.</summary>
    public static string ForShell => Named is null ? $"dotnet '{Built}'" : $"'{Named}'";

    /// <summary>What starts a process of it.</summary>
    public static ProcessStartInfo With(params string[] arguments) =>
        Named is null ? new ProcessStartInfo("dotnet", [Built, .. arguments]) : new ProcessStartInfo(Named, arguments);
}
