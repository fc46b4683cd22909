using System.Text.RegularExpressions;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Formats.Tests;

/// <summary>The README's program is the body of a test.</summary>
public sealed partial class ReadmeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_program_does_what_it_says()
    {
        var flat = new Image(Plane.Create(32, 24, 0, static (samples, _) => samples.Fill(0.5f)));
        Image noisy = new GaussianNoise(25).AddTo(flat, clip: true, new RunSettings());
        ImageFile.Write(_folder["cells.tif"], noisy, SampleType.UInt8);
        (ushort[] ushorts, int width, int height) = (noisy.ToUInt16(), noisy.Width, noisy.Height);
        (IProgress<DenoiseProgress>? progress, CancellationToken cancel) = (null, CancellationToken.None);

        // Begin
        using ImageStack cells = ImageStack.Open(_folder["cells.tif"]);
        cells.Denoise(new AutoDenoiser(), _folder["clean.tif"], progress, cancel);

        Image image = Image.From(ushorts, width, height);
        Denoised result = new Bm3dDenoiser(new() { Sigma = null }).Denoise(image);
        ushort[] back = result.Image.ToUInt16();

        // End
        Assert.Equal(cells.Info.Width, ImageFile.Info(_folder["clean.tif"]).Width);
        Assert.Equal(ushorts.Length, back.Length);
        Assert.True(back.Max() - back.Min() < (ushorts.Max() - ushorts.Min()) / 2);
    }

    [Fact]
    public void It_stands_in_the_README()
    {
        string source = File.ReadAllText(
            Path.Combine(Repository.Folder, "tests", "Klar.Formats.Tests", $"{nameof(ReadmeTests)}.cs"));
        string body = Folder().Replace(source.Split("// Begin")[1].Split("// End")[0], "\"$1\"");
        string readme = File.ReadAllText(Path.Combine(Repository.Folder, "README.md"))
            .Split("```csharp")[1].Split("```")[0];
        Assert.Equal(Lines(body), Lines(readme));
    }

    private static IEnumerable<string> Lines(string text) => text.Split('\n')
        .Select(static line => line.Split("//")[0].Trim())
        .Where(static line => line.Length > 0);

    [GeneratedRegex("""_folder\["([\w.]+)"\]""")]
    private static partial Regex Folder();
}
