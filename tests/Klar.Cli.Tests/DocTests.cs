using System.Diagnostics;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>Every command of the pages that teach is run, in its order, on the pictures that the page makes.</summary>
public sealed class DocTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_tutorial_does_what_it_says()
    {
        string said = Run("tutorial.md");
        Assert.Contains("Y=512 X=512 uint16, 0.16 um/px (ImageJ)", said, StringComparison.Ordinal);
        Assert.Contains("The noise is that of photons", said, StringComparison.Ordinal);
        Assert.Contains(
            "and a white pixel is about 41.5\nphotons", DocCommands.Page("tutorial.md"), StringComparison.Ordinal);
        Assert.Contains("a white pixel is about 41.5 photons", said, StringComparison.Ordinal);
        string[] files =
        [
            "cells_denoised.tif", "cells_denoised.tif.json", "cells_denoised_residual.tif",
            "cells_denoised_report.html", "clean/a_denoised.tif",
        ];
        Assert.All(files, file => Assert.True(File.Exists(_folder[file]), file));
    }

    /// <summary>Long: thirty seconds of denoising that hardly ever fails where the tutorial does not.</summary>
    [Theory]
    [Trait("Category", Long.Category)]
    [InlineData("which-method.md", "noise was left in the result", "more was taken out than noise was measured")]
    [InlineData("recipes.md", "dim_clean.tif")]
    public void A_page_does_what_it_says(string page, params string[] expected)
    {
        string said = Run(page);
        Assert.All(expected, part => Assert.Contains(part, said, StringComparison.Ordinal));
    }

    private string Run(string page)
    {
        // What is tested is the program that these tests have built.
        string program = Path.Combine(AppContext.BaseDirectory, "Klar.Cli.dll");
        string script = $"set -euo pipefail\nklar() {{ dotnet '{program}' \"$@\"; }}\n" + DocCommands.Of(page);
        var start = new ProcessStartInfo("bash", ["-c", script])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = _folder.Path,
        };
        using Process process = Process.Start(start)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output + error.Result);
        return output + error.Result;
    }
}
