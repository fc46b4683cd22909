namespace Klar.Metrics;

/// <summary>The brightness and contrast that bring an image closest to its reference.</summary>
public static class AffineFit
{
    /// <summary>
    /// a · <paramref name="test"/> + b with a and b of least squared distance to <paramref name="reference"/>, over all
    /// channels together; for takes of different exposure.
    /// </summary>
    public static Image Of(Image reference, Image test)
    {
        ArgumentNullException.ThrowIfNull(reference);
        ArgumentNullException.ThrowIfNull(test);
        double n = 0, x = 0, y = 0;
        Each((u, v) => (n, x, y) = (n + 1, x + u, y + v));
        (double meanX, double meanY) = (x / n, y / n);
        double xx = 0, xy = 0;
        Each((u, v) => (xx, xy) = (xx + ((u - meanX) * (u - meanX)), xy + ((u - meanX) * (v - meanY))));
        double a = xx > 0 ? xy / xx : 0;
        double b = meanY - (a * meanX);
        return reference.With([.. test.Planes.Select(plane => Plane.Create(plane.Width, plane.Height, (
            plane, a, b), static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (float)((from.a * from.plane.Samples[i]) + from.b);
            }
        }))]);

        void Each(Action<double, double> see)
        {
            for (int c = 0; c < test.Planes.Count; c++)
            {
                for (int i = 0; i < test.Planes[c].Samples.Length; i++)
                {
                    see(test.Planes[c].Samples[i], reference.Planes[c].Samples[i]);
                }
            }
        }
    }
}
