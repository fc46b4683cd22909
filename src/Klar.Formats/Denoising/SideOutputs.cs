using Klar.Diagnostics;
using Klar.Noise;

namespace Klar.Formats.Denoising;

/// <summary>
/// What is written beside a result on request: the residual, and each pixel's standard error; as float TIFF in the
/// file's grey levels, with as many pages as the result.
/// </summary>
internal sealed class SideOutputs : IDisposable
{
    private readonly DenoiseRequest _request;
    private readonly CancellationToken _cancel;
    private readonly IPageSink? _residual;
    private readonly IPageSink? _uncertainty;

    /// <param name="output">The result's file.</param>
    /// <param name="request">What is asked for.</param>
    /// <param name="open">Opens a file for pages.</param>
    /// <param name="cancel">Ends the work.</param>
    public SideOutputs(
        string output, DenoiseRequest request, Func<string, IPageSink> open, CancellationToken cancel)
    {
        (_request, _cancel) = (request, cancel);
        _residual = request.WritesResidual ? open(Name(output, "residual")) : null;
        _uncertainty = request.WritesUncertainty ? open(Name(output, "uncertainty")) : null;
    }

    /// <summary>The files.</summary>
    public IEnumerable<IPageSink> Sinks => new[] { _residual, _uncertainty }.OfType<IPageSink>();

    /// <summary>The names of all that is asked for.</summary>
    public static IEnumerable<string> Files(string output, DenoiseRequest request)
    {
        if (request.WritesReport)
        {
            yield return ReportOf(output);
        }

        if (request.WritesResidual)
        {
            yield return Name(output, "residual");
        }

        if (request.WritesUncertainty)
        {
            yield return Name(output, "uncertainty");
        }
    }

    /// <summary>The report's file.</summary>
    public static string ReportOf(string output) => Path.ChangeExtension(Name(output, "report"), ".html");

    /// <summary>Takes what belongs to the next page.</summary>
    /// <param name="loaded">The page as it was read.</param>
    /// <param name="noisy">The page as it was denoised: finite.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="noise">Its noise.</param>
    /// <param name="denoiser">The method.</param>
    public void Add(LoadedImage loaded, Image noisy, Image result, Func<NoiseEstimate> noise, IDenoiser denoiser)
    {
        if (_uncertainty is not null)
        {
            var risk = new SelfSupervisedRisk(noisy, noise(), _request.Run.Seed);
            _uncertainty.Add(Differences(loaded, UncertaintyMap.Of(risk, risk.Probe(denoiser, _cancel))));
        }

        _residual?.Add(Differences(loaded, noisy.With([.. noisy.Planes.Zip(result.Planes, Residual)])));
    }

    public void Dispose()
    {
        _residual?.Dispose();
        _uncertainty?.Dispose();
    }

    /// <summary>Differences have no black: in grey levels, 0 stays 0.</summary>
    private static LoadedImage Differences(LoadedImage loaded, Image differences) => loaded with
    {
        Image = new Image(differences.Planes, new SampleScale(0, differences.Scale.Range, Bounded: false)),
    };

    private static Plane Residual(Plane input, Plane output) =>
        Plane.Create(input.Width, input.Height, (input, output), static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = from.input.Samples[i] - from.output.Samples[i];
            }
        });

    private static string Name(string output, string what)
    {
        string folder = Path.GetDirectoryName(output) ?? string.Empty;
        return Path.Combine(folder, $"{Path.GetFileNameWithoutExtension(output)}_{what}.tif");
    }
}
