using System.Reflection;
using System.Runtime.InteropServices;
using Klar.Reports;
using Klar.Reports.Html;

namespace Klar.Cli;

/// <summary>The program itself.</summary>
internal static class Product
{
    public static string Version { get; } =
        typeof(Product).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>This program, and what goes before a command on its command line.</summary>
    public static IReadOnlyList<string> Program => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
        ? [Environment.ProcessPath!, Environment.GetCommandLineArgs()[0]]
        : [Environment.ProcessPath!];

    /// <summary>The command that makes the same again.</summary>
    public static IReadOnlyList<string> CommandLine => [.. Environment
        .GetCommandLineArgs()
        .Skip(1)
        .Where(static argument => argument != CommonOptions.Attached.Name)
        .Prepend("klar")];

    /// <summary>This run, for a report that is to be made again.</summary>
    public static RunDescription Run(RunSettings run) => new(
        CommandText.Of(CommandLine),
        Version,
        $"{Processor()}, {run.Threads} threads, {Machine.RegisterBits} bits; "
            + $"{RuntimeInformation.FrameworkDescription}, {RuntimeInformation.OSDescription}",
        run.Seed);

    private static string Processor()
    {
        const string Name = "model name";
        string? line = File.Exists("/proc/cpuinfo") ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(
            static line => line.StartsWith(Name, StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim()
            ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
