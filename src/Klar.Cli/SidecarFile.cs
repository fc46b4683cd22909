using System.Text;
using System.Text.Json;
using Klar.Diagnostics;
using Klar.Formats;
using Klar.Formats.Denoising;
using Klar.Metrics;

namespace Klar.Cli;

/// <summary>
/// The file beside every result that says how it was made, so that it can be made again, or need not be.
/// </summary>
internal static class SidecarFile
{
    /// <summary>
    /// Whether the output is there and its sidecar tells that it was made from this input by this request.
    /// </summary>
    public static bool Matches(string output, string input, string request, CancellationToken cancel = default)
    {
        try
        {
            return FileName.IsThere(output)
                && Read(output) is { } sidecar
                && sidecar.Request == Hash(request)
                && sidecar.InputSha256 == Convert.ToHexStringLower(FileHash.Of(input, cancel))
                && (sidecar.Outputs is null
                    || sidecar.Outputs.GetValueOrDefault(Path.GetFileName(output))
                        == Convert.ToHexStringLower(FileHash.Of(output, cancel)));
        }
        catch (Exception failure)
            when (failure is IOException or UnauthorizedAccessException or BadImageFileException)
        {
            return false;
        }
    }

    /// <summary>
    /// An output's sidecar; null where there is none, or a file of somebody else's stands in its place.
    /// </summary>
    public static Sidecar? Read(string output)
    {
        try
        {
            return File.Exists(NameOf(output))
                && JsonSerializer.Deserialize(File.ReadAllText(NameOf(output)), Documents.Default.Sidecar)
                    is { Version: not null, Command: not null, Method: not null, InputSha256: not null } sidecar
                ? sidecar
                : null;
        }
        catch (Exception failure) when (failure is JsonException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Writes it.</summary>
    public static void Write(
        string output, string input, byte[] hash, string request, DenoiseReport report, TrustDocument? trust,
        StackDocument? stack, SampleType type, IReadOnlyDictionary<string, string> outputs, SampleScale? scale)
    {
        var sidecar = new Sidecar(
            Product.Version,
            Product.CommandLine,
            report.Method,
            report.Settings,
            report.Seed,
            input,
            Convert.ToHexStringLower(hash),
            Hash(request),
            stack,
            report.SigmaEstimated is { } sigma
                ? new NoiseEstimateDocument(sigma * 255, sigma * scale?.Range, report.Noise?.Warnings)
                : null,
            report.Warnings,
            type.ToString().ToLowerInvariant(),
            trust,
            report.Elapsed.TotalSeconds,
            outputs);
        AtomicFile.WriteText(NameOf(output), JsonSerializer.Serialize(sidecar, Documents.Default.Sidecar) + "\n");
    }

    /// <summary>What can be said of a result, with the resolution before and after.</summary>
    public static TrustDocument? Document(Trust? trust, Image noisy, Image result) => trust is null
        ? null
        : new TrustDocument(
            trust.Removed, trust.Left, trust.ResidualCorrelation, trust.PValue, trust.DetailTaken, trust.TakenAtEdges,
            trust.PatternAdded, Resolution(noisy), Resolution(result));

    /// <summary>
    /// By Fourier ring correlation, in pixels; null where the picture is too small or too noisy to say.
    /// </summary>
    private static double? Resolution(Image image) =>
        Math.Min(image.Width, image.Height) >= 64
            && FourierRingCorrelation.OfOne(image.Planes[0]).Resolution is double pixels
            && double.IsFinite(pixels) ? pixels : null;

    private static string Hash(string text) => Convert.ToHexStringLower(Sha256.Of(Encoding.UTF8.GetBytes(text)));

    /// <summary>The sidecar's name.</summary>
    public static string NameOf(string output) => output + ".json";
}
