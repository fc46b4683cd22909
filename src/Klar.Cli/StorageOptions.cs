using System.CommandLine;
using Klar.Formats;

namespace Klar.Cli;

/// <summary>The options that say how a result's file stores its samples.</summary>
internal sealed class StorageOptions
{
    private readonly Option<string?> _compression = new("--compression")
    {
        Description = "How TIFF and OME-Zarr results are compressed, without loss "
            + "(default: as the input is, Zstandard in OME-Zarr)",
        HelpName = "none|deflate|zstd",
    };

    private readonly Option<bool> _pyramid = new("--pyramid")
    {
        Description = "Write smaller copies of every page into TIFF results, for viewers of large images, and tiles; "
            + "a pyramid that the input has is made anew without it",
    };

    private readonly Option<string?> _omeZarr = new("--ome-zarr")
    {
        Description = "Version of OME-Zarr of results whose name ends in .zarr (default: the input's, else 0.4)",
        HelpName = "0.4|0.5",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_compression);
        command.Options.Add(_pyramid);
        command.Options.Add(_omeZarr);
    }

    /// <summary>What the command line asks for.</summary>
    /// <exception cref="UserErrorException">It makes no sense.</exception>
    public WriteOptions Bind(ParseResult parsed) => new()
    {
        Compression = parsed.GetValue(_compression) switch
        {
            null => null,
            "none" => SampleCompression.None,
            "deflate" => SampleCompression.Deflate,
            "zstd" => SampleCompression.Zstd,
            var other => throw UserErrorException.Usage($"--compression {other}: it takes none, deflate or zstd"),
        },
        Pyramid = parsed.GetValue(_pyramid),
        OmeZarr = parsed.GetValue(_omeZarr) switch
        {
            null => null,
            "0.4" => OmeZarrVersion.V04,
            "0.5" => OmeZarrVersion.V05,
            var other => throw UserErrorException.Usage($"--ome-zarr {other}: it takes 0.4 or 0.5"),
        },
    };

    /// <summary>What a file depends on by them, as text.</summary>
    public string Key(ParseResult parsed) => string.Join(
        ' ', parsed.GetValue(_compression), parsed.GetValue(_pyramid) ? "pyramid" : string.Empty,
        parsed.GetValue(_omeZarr)).Trim();
}
