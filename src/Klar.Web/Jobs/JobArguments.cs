using System.Globalization;
using System.Text.RegularExpressions;
using Klar.Catalogue;
using Klar.Web.Files;

namespace Klar.Web.Jobs;

/// <summary>
/// Settings as a command line. Names are looked up and values can only be values: what they mean, and whether they
/// are right, is the program's to say.
/// </summary>
internal static partial class JobArguments
{
    /// <summary>The options that choose and set a method.</summary>
    /// <exception cref="RequestException">There is no such method, or a value holds what no value holds.</exception>
    public static IEnumerable<string> Method(JobSettings settings, ModelFiles models) =>
        [$"--method={models.Known(settings.Method ?? "auto")}", .. Around(settings)];

    /// <summary>The options of a whole job, without files.</summary>
    public static IReadOnlyList<string> Of(JobKind kind, JobSettings settings, ModelFiles models) =>
        kind == JobKind.Denoise
        ?
        [
            .. Method(settings, models),
            .. Words([("--axes", settings.Axes), ("--across", settings.Across), ("--drift", settings.Drift)]),
            .. settings.Select.Select(static place => $"--select={Plain(place)}"),
            .. Flag(settings.Residual, "--residual"), .. Flag(
                settings.Uncertainty, "--uncertainty"), .. Flag(settings.Report, "--report"),
        ]
        :
        [
            .. settings.Methods.Count > 0
                ? [$"--methods={string.Join(',', settings.Methods.Select(Named))}"]
                : Array.Empty<string>(),
            .. settings.Noises.Count > 0
                ? [$"--noise={string.Join(',', settings.Noises.Select(Plain))}"]
                : Array.Empty<string>(),
            .. Flag(settings.NoClip, "--no-clip"),
            .. settings.Crop is { } side
                ? [$"--crop={side.ToString(CultureInfo.InvariantCulture)}"]
                : Array.Empty<string>(),
            .. settings.Repeat is { } seeds
                ? [$"--repeat={seeds.ToString(CultureInfo.InvariantCulture)}"]
                : Array.Empty<string>(),
            .. Around(settings),
        ];

    /// <summary>The value, if it is a word or number as all values are.</summary>
    public static string Plain(string value) =>
        Value().IsMatch(value) ? value : throw RequestException.Bad(
            $"'{(value.Length > 40 ? value[..40] + "..." : value)}' is no value of an option");

    private static IEnumerable<string> Around(JobSettings settings)
    {
        (string Option, string? Value)[] words =
        [
            ("--effort", settings.Effort), ("--sigma", settings.Sigma), ("--noise-model", settings.NoiseModel),
            ("--declip", settings.Declip), ("--channels", settings.Channels), ("--hot-pixels", settings.HotPixels),
            ("--stripes", settings.Stripes),
        ];
        foreach (string word in Words(words))
        {
            yield return word;
        }

        (string Option, IFormattable? Value)[] numbers =
        [
            ("--gain", settings.Gain), ("--read-noise", settings.ReadNoise), ("--offset", settings.Offset),
            ("--strength", settings.Strength), ("--seed", settings.Seed),
        ];
        foreach ((string option, IFormattable? value) in numbers)
        {
            if (value is not null)
            {
                yield return $"{option}={value.ToString(null, CultureInfo.InvariantCulture)}";
            }
        }

        foreach ((string option, string value) in settings.Set)
        {
            yield return $"--set={Plain(option)}={Plain(value)}";
        }
    }

    /// <summary>Options with their values, of those that have one.</summary>
    public static IEnumerable<string> Words((string Option, string? Value)[] options) => options
        .Where(static pair => !string.IsNullOrEmpty(pair.Value))
        .Select(static pair => $"{pair.Option}={Plain(pair.Value!)}");

    private static IEnumerable<string> Flag(bool set, string option) => set ? [option] : [];

    private static string Named(string method) =>
        MethodCatalogue.Find(method)?.Name ?? throw RequestException.Bad("there is no such method");

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.:=,-]{0,99}\z")]
    private static partial Regex Value();
}
