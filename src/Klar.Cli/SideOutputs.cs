using System.CommandLine;
using Klar.Diagnostics;
using Klar.Formats;
using Klar.Imaging;
using Klar.Noise;

namespace Klar.Cli;

/// <summary>What stands beside a result on request: what was taken out, and how far each pixel may be off; both as float TIFF in the file's grey levels.</summary>
internal sealed class SideOutputs
{
    private readonly Option<bool> _residual = new("--residual") { Description = "Also write what was taken out, NAME_residual.tif: it should look like noise and nothing else" };
    private readonly Option<bool> _uncertainty = new("--uncertainty") { Description = "Also write how far each pixel may be off (one standard deviation), NAME_uncertainty.tif; runs the method three times" };

    private readonly Option<bool> _report = new("--report") { Description = "Also write NAME_report.html: the noise that was found, before and after, what was taken out, and whether to trust it" };

    public void AddTo(Command command)
    {
        command.Options.Add(_report);
        command.Options.Add(_residual);
        command.Options.Add(_uncertainty);
    }

    /// <summary>Whether anything is to stand beside a result.</summary>
    public bool IsAsked(ParseResult parsed) => WantsReport(parsed) || parsed.GetValue(_residual) || parsed.GetValue(_uncertainty);

    /// <summary>Whether the noise of the input must be known.</summary>
    public bool WantsNoise(ParseResult parsed) => WantsReport(parsed) || parsed.GetValue(_uncertainty);

    /// <summary>Whether a report is to stand beside the result.</summary>
    public bool WantsReport(ParseResult parsed) => parsed.GetValue(_report);

    /// <summary>The report's file.</summary>
    public static string ReportOf(string output) => Path.ChangeExtension(Name(output, "report"), ".html");

    /// <summary>What was asked for, by the name of its file; nothing is written yet, so that a run that is cut short leaves nothing.</summary>
    public IReadOnlyList<(string File, Image Differences)> Of(
        string output, Image noisy, Image result, NoiseEstimate? noise, IDenoiser denoiser, ParseResult parsed, CancellationToken cancel)
    {
        var made = new List<(string, Image)>();
        if (parsed.GetValue(_uncertainty) && noise is not null)
        {
            var risk = new SelfSupervisedRisk(noisy, noise, CommonOptions.Run(parsed).Seed);
            made.Add((Name(output, "uncertainty"), UncertaintyMap.Of(risk, risk.Probe(denoiser, cancel))));
        }

        if (parsed.GetValue(_residual))
        {
            made.Add((Name(output, "residual"), noisy.With([.. noisy.Planes.Zip(result.Planes, static (input, output) => Plane.Create(input.Width, input.Height, (input, output), static (to, from) =>
            {
                for (int i = 0; i < to.Length; i++)
                {
                    to[i] = from.input.Samples[i] - from.output.Samples[i];
                }
            }))])));
        }

        return made;
    }

    /// <summary>Differences have no black: in grey levels, 0 stays 0.</summary>
    public static void Write(string file, Image differences) =>
        ImageFile.Write(file, new Image(differences.Planes, new SampleScale(0, differences.Scale.Range, Bounded: false)), SampleType.Float32);

    /// <summary>The names of all that was asked for.</summary>
    public IEnumerable<string> Files(string output, ParseResult parsed)
    {
        if (WantsReport(parsed))
        {
            yield return ReportOf(output);
        }

        if (parsed.GetValue(_residual))
        {
            yield return Name(output, "residual");
        }

        if (parsed.GetValue(_uncertainty))
        {
            yield return Name(output, "uncertainty");
        }
    }

    private static string Name(string output, string what) =>
        Path.Combine(Path.GetDirectoryName(output) ?? string.Empty, $"{Path.GetFileNameWithoutExtension(output)}_{what}.tif");
}
