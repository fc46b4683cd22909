using System.Diagnostics;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>Debian's Python with tifffile: what others read in our files, and files as others write them.</summary>
internal static class Python
{
    /// <summary>What a script beside this file prints.</summary>
    public static string Run(string script, params string[] arguments)
    {
        string path = Path.Combine(Repository.Folder, "tests", "Klar.Formats.Tests", script);
        using Process process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [path, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return output.Trim();
    }
}
