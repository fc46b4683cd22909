using System.Globalization;
using Klar.Imaging;

namespace Klar.Noise.Structured;

/// <summary>
/// Offsets of the rows and columns of an image, as cameras and scanners make them: each line is brighter or darker as a
/// whole, independently of the others.
/// </summary>
public sealed class StripeNoise
{
    private readonly IReadOnlyList<Mask?> _masks;
    private readonly IReadOnlyList<double[]?> _rows;
    private readonly IReadOnlyList<double[]?> _columns;

    private StripeNoise(
        IReadOnlyList<Mask?> masks, IReadOnlyList<double[]?> rows, IReadOnlyList<double[]?> columns) =>
        (_masks, _rows, _columns) = (masks, rows, columns);

    /// <summary>σ of the offsets of rows, in sample units; 0 where there are none.</summary>
    public double Rows => Deviation(_rows);

    /// <summary>σ of the offsets of columns, in sample units; 0 where there are none.</summary>
    public double Columns => Deviation(_columns);

    /// <summary>Whether there are any.</summary>
    public bool IsFound => Rows > 0 || Columns > 0;

    /// <summary>The offsets of an image's rows and columns.</summary>
    /// <param name="image">The image; samples are finite.</param>
    /// <param name="handling">Which are looked for, and whether structure of the specimen is kept from being taken for
    /// offsets.</param>
    /// <param name="cancel">Ends it.</param>
    public static StripeNoise Of(
        Image image, StripeHandling handling = StripeHandling.Auto, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(image);
        IReadOnlyList<Mask?> masks = handling == StripeHandling.Off
            ? [.. image.Planes.Select(static Mask? (_) => null)]
            : ConstantAreas.Of(image, cancel);
        bool isForced = handling != StripeHandling.Auto;
        bool rows = handling is StripeHandling.Auto or StripeHandling.Rows or StripeHandling.Both;
        bool columns = handling is StripeHandling.Auto or StripeHandling.Columns or StripeHandling.Both;
        return new StripeNoise(
            masks,
            [.. image.Planes.Select((plane, c) => rows ? Of(plane, c, LineDirection.Rows) : null)],
            [.. image.Planes.Select((plane, c) => columns ? Of(plane, c, LineDirection.Columns) : null)]);

        double[]? Of(Plane plane, int channel, LineDirection direction)
        {
            cancel.ThrowIfCancellationRequested();
            return Offsets(plane, masks[channel], direction, isForced);
        }
    }

    /// <summary>The image without the offsets. Masked samples, and those cut off at black or white, stay.</summary>
    public Image RemovedFrom(Image image)
    {
        ArgumentNullException.ThrowIfNull(image);
        return IsFound ? image.With([.. image.Planes.Select(Removed)]) : image;

        Plane Removed(Plane plane, int channel) => _rows[channel] is null && _columns[channel] is null
            ? plane
            : Without(plane, image.Scale.Bounded, _masks[channel], _rows[channel], _columns[channel]);
    }

    /// <summary>What there is, in 255ths of white.</summary>
    public string ToText() => (Rows, Columns) switch
    {
        (0, 0) => "none",
        (_, 0) => string.Create(CultureInfo.InvariantCulture, $"rows {255 * Rows:G3}"),
        (0, _) => string.Create(CultureInfo.InvariantCulture, $"columns {255 * Columns:G3}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"rows {255 * Rows:G3}, columns {255 * Columns:G3}"),
    };

    private static double[]? Offsets(Plane plane, Mask? mask, LineDirection direction, bool isForced)
    {
        if (Math.Min(plane.Width, plane.Height) < LineEvidence.MinSide)
        {
            return null;
        }

        LineSegments segments = LineSegments.Of(plane, mask, direction);
        double[] sigmas = SegmentNoise.Of(segments);
        LineEvidence evidence = LineEvidence.Of(new LineChanges(segments, sigmas));
        return evidence.Variance > 0 && (isForced || evidence.ShowsOffsets)
            ? LineOffsets.Of(segments, sigmas, evidence.Variance)
            : null;
    }

    private static Plane Without(Plane plane, bool isBounded, Mask? mask, double[]? rows, double[]? columns)
    {
        float[] samples = plane.Samples.ToArray();
        for (int i = 0; i < samples.Length; i++)
        {
            bool isCut = isBounded && samples[i] is 0 or 1;
            if (mask?[i] != true && !isCut)
            {
                double offset = (rows?[i / plane.Width] ?? 0) + (columns?[i % plane.Width] ?? 0);
                samples[i] = (float)(samples[i] - offset);
            }
        }

        return new Plane(plane.Width, plane.Height, samples);
    }

    private static double Deviation(IReadOnlyList<double[]?> offsets)
    {
        double[][] found = [.. offsets.OfType<double[]>()];
        return found.Length == 0
            ? 0
            : Math.Sqrt(found.Average(static lines => lines.Average(static offset => offset * offset)));
    }
}
