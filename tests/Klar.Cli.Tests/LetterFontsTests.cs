using Klar.Formats;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>Figures have letters on a machine that has no fonts.</summary>
public sealed class LetterFontsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_machine_without_fonts_draws_the_same_figure()
    {
        byte[] expected = Figure("with", ("LC_ALL", "C.UTF-8"));
        byte[] actual = Figure("without", ("FONTCONFIG_FILE", _folder["no-such-file"]));
        Assert.Equal(expected, actual);
    }

    private byte[] Figure(string name, (string, string) variable)
    {
        string input = _folder["clean.png"];
        ImageFile.Write(input, new Image(Plane.Create(32, 24, 0, static (to, _) => to.Fill(0.5f))), SampleType.UInt8);
        using System.Diagnostics.Process process = KlarProgram.StartWith(
            variable, "compare", input, "--noise", "gaussian:25", "--methods", "mean", "-o", _folder[name]);
        KlarProgram.Result result = KlarProgram.Wait(process);
        Assert.Equal(0, result.Code);
        Assert.DoesNotContain("ontconfig", result.Error, StringComparison.Ordinal);
        return File.ReadAllBytes(Assert.Single(Directory.GetFiles(_folder[name], "*gaussian*.png")));
    }
}
