using System.CommandLine;
using System.Globalization;
using Klar.Noise;

namespace Klar.Cli;

/// <summary>
/// <c>--gain</c>, <c>--read-noise</c> and <c>--offset</c>: what a camera's data sheet says, in grey levels of the file;
/// the rest is measured.
/// </summary>
internal sealed class KnownNoiseOptions
{
    private readonly Option<double?> _gain = new("--gain")
    {
        Description = "Grey levels a photon (or electron), if it is known; else it is measured",
        HelpName = "G",
    };

    private readonly Option<double?> _readNoise =
        new("--read-noise") { Description = "The noise without light in grey levels, if it is known", HelpName = "R" };
    private readonly Option<double?> _offset =
        new("--offset") { Description = "The grey level without light, if it is known", HelpName = "O" };

    /// <summary>The options.</summary>
    public IReadOnlyList<Option<double?>> All => [_gain, _readNoise, _offset];

    public void AddTo(Command command)
    {
        foreach (Option option in All)
        {
            command.Options.Add(option);
        }
    }

    /// <summary>The options as they were given, for the request that a sidecar keeps; none where none was.</summary>
    public IEnumerable<string> Chosen(ParseResult parsed)
    {
        if (IsGiven(parsed))
        {
            foreach (Option<double?> option in All)
            {
                yield return string.Create(
                    CultureInfo.InvariantCulture, $"{option.Name[2..]}={parsed.GetValue(option)}");
            }
        }
    }

    /// <summary>What is known; null where nothing is.</summary>
    /// <exception cref="UserErrorException">A value is no number or out of range, or a level was given
    /// too.</exception>
    public KnownNoise? Of(ParseResult parsed, bool hasSigma)
    {
        if (!IsGiven(parsed))
        {
            return null;
        }

        if (hasSigma)
        {
            throw UserErrorException.Usage(
                "--sigma says that the noise has one level: it goes with none of --gain, --read-noise and --offset");
        }

        return new KnownNoise
        {
            Gain = Number(_gain, parsed, static value => value > 0, "a number above 0"),
            ReadNoise = Number(_readNoise, parsed, static value => value >= 0, "a number, 0 or more"),
            Offset = parsed.GetValue(_offset),
        };
    }

    private bool IsGiven(ParseResult parsed) => All.Any(option => parsed.GetValue(option) is not null);

    private static double? Number(
        Option<double?> option, ParseResult parsed, Func<double, bool> isGood, string takes) =>
        parsed.GetValue(option) is not { } value || isGood(value)
            ? parsed.GetValue(option)
            : throw UserErrorException.Usage(string.Create(
                CultureInfo.InvariantCulture, $"{option.Name} {value}: it takes {takes}, in grey levels of the file"));
}
