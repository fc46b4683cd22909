using System.CommandLine;
using Klar.Formats;
using Klar.Noise;

namespace Klar.Cli.Commands;

/// <summary><c>klar noise IMAGE --add NOISE -o FILE</c></summary>
internal sealed class NoiseCommand
{
    private readonly Argument<string> _image = new("IMAGE") { Description = "A clean image" };
    private readonly Option<string> _add = new("--add")
    {
        Description = "The noise, for example gaussian:25, poisson:25, uniform:0.2, poisson-gaussian:25:10, "
            + "salt-pepper:0.05; camera:2.2:2.5:100:600 (gain, read noise and offset in grey levels, photons at white) "
            + "makes a 16-bit picture",
        HelpName = "NOISE",
        Required = true,
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The file to write",
        HelpName = "FILE",
        Required = true,
    };
    private readonly Option<bool> _noClip = new("--no-clip")
    {
        Description = "Do not clip to black and white; writes a float TIFF",
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new NoiseCommand();
        var command = new Command(
            "noise", "Add noise of known strength to an image.") { self._image, self._add, self._output, self._noClip };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        RunSettings run = CommonOptions.Run(parsed);
        string input = parsed.GetValue(_image)!;
        string output = parsed.GetValue(_output)!;
        string text = parsed.GetValue(_add)!;
        bool clip = !parsed.GetValue(_noClip);
        NoiseModel noise = Parse(text);
        if (!clip && Path.GetExtension(output).ToLowerInvariant() is not (".tif" or ".tiff"))
        {
            throw UserErrorException.Usage(
                $"--no-clip needs samples below black and above white, which {output} cannot hold: write a .tif file");
        }

        Outcome.Failed? failed = Outcome.Of(input, () =>
        {
            LoadedImage clean = InputImage.Read(input, null, cancel);
            OutputFile.RefuseExisting(output, parsed.GetValue(CommonOptions.Overwrite));
            Image noisy = noise.AddTo(clean.Image, clip, run, cancel);
            long clipped = noise is CameraNoise ? ImageFile.Write(output, noisy, SampleType.UInt16, cancel)
                : clip ? ImageFile.Write(output, clean with { Image = noisy }, cancel: cancel)
                : ImageFile.Write(output, noisy, SampleType.Float32, cancel);
            return new Outcome.Made(
                input, output, new DenoiseReport("noise", new Dictionary<string, string>(), run.Seed, TimeSpan.Zero),
                clipped);
        }) as Outcome.Failed;
        if (failed is not null)
        {
            throw new UserErrorException(failed.Code, $"{input}: {failed.Reason}");
        }

        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(
                new NoiseDocument(input, output, text, clip, run.Seed, Product.Version),
                Documents.Default.NoiseDocument);
        }

        Terminal.Of(parsed).Say($"{input} -> {output} ({text}, seed {run.Seed})");
        return ExitCode.Done;
    }

    private static NoiseModel Parse(string text)
    {
        try
        {
            return NoiseModel.Parse(text);
        }
        catch (FormatException failure)
        {
            throw UserErrorException.Usage(failure.Message);
        }
    }
}
