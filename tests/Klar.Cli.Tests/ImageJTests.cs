using System.Diagnostics;
using System.Text.RegularExpressions;
using Klar.Catalogue;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>
/// The ImageJ plug-in, built with javac and run without a screen in Debian's ImageJ (plugins/imagej/tests), against the
/// command line pixel by pixel.
/// </summary>
public sealed partial class ImageJTests : IDisposable
{
    private const string ImageJ = "/usr/share/java/ij.jar";

    private static readonly string Sources = Path.Combine(Repository.Folder, "plugins", "imagej");
    private static readonly string Jar =
        Path.Combine(Repository.Folder, "artifacts", "imagej", "zip", "Klar", "Klar_.jar");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_plug_in_gives_what_the_command_line_gives()
    {
        Run(Path.Combine(Sources, "build"));
        string classes = $"{ImageJ}:{Jar}";
        string test = Path.Combine(Sources, "tests", "PluginTest.java");
        Run("javac", "--release", "11", "-cp", classes, "-d", _folder.Path, test);

        // The program that these tests have built, under the name that the plug-in looks for.
        string program = _folder["klar"];
        File.WriteAllText(
            program, $"#!/bin/sh\nexec dotnet '{Path.Combine(AppContext.BaseDirectory, "Klar.Cli.dll")}' \"$@\"\n");
        Run("chmod", "755", program);
        string log = Run(
            "java", "-Djava.awt.headless=true", "-cp", $"{classes}:{_folder.Path}", "PluginTest", _folder.Path);
        Assert.DoesNotContain("WRONG", log, StringComparison.Ordinal);

        // Failures and Esc are a line each.
        Assert.Contains("Klar: there is no method 'unknown'", log, StringComparison.Ordinal);
        Assert.Contains("Klar: cancelled", log, StringComparison.Ordinal);
        Assert.Matches(@"\nbm3d\t\d", log);
        Assert.Contains("\ngaussian\t", log, StringComparison.Ordinal);
    }

    [Fact]
    public void The_dialog_offers_the_methods_of_the_catalogue()
    {
        string text = File.ReadAllText(Path.Combine(Sources, "src", "klar", "imagej", "Denoise.java"));
        string offered = Offered().Match(text).Groups[1].Value;
        Assert.Equal(
            MethodCatalogue.All.Select(static method => method.Name).Order(StringComparer.Ordinal),
            Words().Matches(offered).Select(static word => word.Groups[1].Value).Order(StringComparer.Ordinal));
    }

    private string Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] = $"{_folder.Path}:{start.Environment["PATH"]}";
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + error.Result);
        return output;
    }

    [GeneratedRegex("oneOf\\(METHOD,(.*?)\\)", RegexOptions.Singleline)]
    private static partial Regex Offered();

    [GeneratedRegex("\"([^\"]+)\"")]
    private static partial Regex Words();
}
