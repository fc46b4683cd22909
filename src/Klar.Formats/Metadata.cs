namespace Klar.Formats;

/// <summary>The fields of a file's header that are carried over as they are.</summary>
internal sealed class Metadata
{
    // What describes the samples follows from the samples; what describes the loader is no property of the picture.
    private static readonly HashSet<string> Own =
    [
        "width", "height", "bands", "format", "coding", "interpretation", "xoffset", "yoffset", "xres", "yres",
        "filename",
        "vips-loader", "vips-sequential", "n-pages", "page-height", "bits-per-sample", "palette", "n-subifds",
        "subifd-offsets",
        "vips-concurrency", "png-interlaced",
    ];

    private readonly List<(string Name, nint Type, object Value)> _fields = [];

    private Metadata(double xResolution, double yResolution) => (XResolution, YResolution) = (xResolution, yResolution);

    /// <summary>Pixels per millimetre along x.</summary>
    public double XResolution { get; }

    /// <summary>Pixels per millimetre along y.</summary>
    public double YResolution { get; }

    /// <summary>What the channels are: gray, RGB, CMYK, …</summary>
    public NetVips.Enums.Interpretation Interpretation { get; private init; }

    public static Metadata Of(NetVips.Image image)
    {
        var metadata = new Metadata(image.Xres, image.Yres) { Interpretation = image.Interpretation };
        foreach (string name in image.GetFields())
        {
            if (!Own.Contains(name))
            {
                metadata._fields.Add((name, image.GetTypeOf(name), image.Get(name)));
            }
        }

        return metadata;
    }

    /// <summary>A copy of <paramref name="image"/> that carries these fields.</summary>
    public NetVips.Image ApplyTo(NetVips.Image image)
    {
        using NetVips.Image resolved = image.Copy(xres: XResolution, yres: YResolution);
        return resolved.Mutate(mutable =>
        {
            foreach ((string name, nint type, object value) in _fields)
            {
                mutable.Set(type, name, value);
            }
        });
    }
}
