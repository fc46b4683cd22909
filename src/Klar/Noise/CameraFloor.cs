using Klar.Imaging;

namespace Klar.Noise;

/// <summary>
/// The brightness of places without light, as a camera's offset shows it: the mode of the picture's dark end, if enough
/// of the picture lies there and scatters as noise does.
/// </summary>
internal static class CameraFloor
{
    private const int Window = 6;
    private const int MaxWindows = 100_000;
    private const int MinWindows = 100;

    // At least this share of the picture is floor, and at most that share is darker than its noise explains.
    private const double MinShare = 0.05;
    private const double MaxDarker = 0.02;

    // The densest windows of that share lie within so many standard deviations of a window's mean; of a picture's
    // brightness they would not.
    private const double MaxWidth = 2.5;
    private const double Deviations = 5;

    /// <summary>The floor; null where there is none.</summary>
    public static double? Of(Image image, IReadOnlyList<Mask?> masks, VarianceLine line)
    {
        double[] means = Means(image, masks);
        if (means.Length < MinWindows)
        {
            return null;
        }

        Array.Sort(means);
        int share = (int)(MinShare * means.Length), densest = 0;
        for (int i = 0; i + share < means.Length; i++)
        {
            densest = means[i + share] - means[i] < means[densest + share] - means[densest] ? i : densest;
        }

        double floor = means[densest + (share / 2)], deviation = Math.Sqrt(line.At(floor)) / Window;
        int darker = means.Count(mean => mean < floor - (Deviations * deviation));
        return means[densest + share] - means[densest] <= MaxWidth * deviation && darker <= MaxDarker * means.Length
            ? floor
            : null;
    }

    private static double[] Means(Image image, IReadOnlyList<Mask?> masks)
    {
        var means = new List<double>();
        double windows = (double)image.Width * image.Height * image.Planes.Count / (Window * Window);
        int step = Window * Math.Max(1, (int)Math.Ceiling(Math.Sqrt(windows / MaxWindows)));
        for (int c = 0; c < image.Planes.Count; c++)
        {
            Plane plane = image.Planes[c];
            for (int top = 0; top + Window <= plane.Height; top += step)
            {
                for (int left = 0; left + Window <= plane.Width; left += step)
                {
                    if (masks[c]?.Touches(left, top, Window) == true)
                    {
                        continue;
                    }

                    double sum = 0;
                    for (int i = 0; i < Window * Window; i++)
                    {
                        sum += plane.Row(top + (i / Window))[left + (i % Window)];
                    }

                    means.Add(sum / (Window * Window));
                }
            }
        }

        return [.. means];
    }
}
