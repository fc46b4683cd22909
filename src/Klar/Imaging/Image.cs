namespace Klar;

/// <summary>One or more planes of equal size (channels), with the scale that relates them to a file's values.</summary>
public sealed partial class Image
{
    /// <summary>Joins <paramref name="planes"/> of equal size into an image.</summary>
    public Image(IReadOnlyList<Plane> planes, SampleScale? scale = null)
    {
        ArgumentNullException.ThrowIfNull(planes);
        ArgumentOutOfRangeException.ThrowIfZero(planes.Count);
        foreach (Plane plane in planes)
        {
            if (plane.Width != planes[0].Width || plane.Height != planes[0].Height)
            {
                throw new ArgumentException("The planes of an image must have the same size.", nameof(planes));
            }
        }

        Planes = [.. planes];
        Scale = scale ?? SampleScale.EightBit;
    }

    /// <summary>An image of one channel.</summary>
    public Image(Plane plane, SampleScale? scale = null)
        : this([plane], scale)
    {
    }

    /// <summary>The channels.</summary>
    public IReadOnlyList<Plane> Planes { get; }

    /// <summary>How samples map to the values of the file that the image came from.</summary>
    public SampleScale Scale { get; }

    /// <summary>Samples in a row.</summary>
    public int Width => Planes[0].Width;

    /// <summary>Rows.</summary>
    public int Height => Planes[0].Height;

    /// <summary>The same scale around other planes.</summary>
    public Image With(IReadOnlyList<Plane> planes) => new(planes, Scale);

    /// <summary>The part that starts at (<paramref name="x"/>, <paramref name="y"/>).</summary>
    public Image Crop(int x, int y, int width, int height) =>
        With([.. Planes.Select(plane => plane.Crop(x, y, width, height))]);
}
