using Klar.Noise;

namespace Klar.Reports;

/// <summary>
/// A picture as a fluorescence microscope would take it, made from nothing: nuclei with chromatin, microtubules that
/// leave each cell's centre, vesicles, the haze of what is out of focus, all blurred by the optics. About 70 % of it
/// is dark.
/// </summary>
public static class DemoPicture
{
    private const float OpticsSigma = 0.9f;
    private const float HazeSigma = 14;
    private const float MaxHaze = 100; // pixels, the widest Gaussian there is
    private const double DarkLevel = 0.045;

    /// <summary>
    /// A picture of <paramref name="side"/> × <paramref name="side"/> samples; the same seed gives the same picture.
    /// </summary>
    public static Image Create(int side = 256, ulong seed = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 16);
        var dice = new Dice(seed);
        double scale = side / 210.0;
        var canvas = new Canvas(side);
        var run = new RunSettings { Seed = seed, Threads = 1 };
        Plane chromatin = Texture(side, (float)(2.2 * scale), run with { Seed = seed + 1 }, 1);

        foreach ((double x, double y) in Centres(dice, scale, side))
        {
            Nucleus(canvas, dice, chromatin, x, y, scale);
            Microtubules(canvas, dice, x, y, scale);
            Vesicles(canvas, dice, x, y, scale);
        }

        Plane sharp = Blurred(canvas.ToPlane(), OpticsSigma, run);
        Plane haze = Blurred(sharp, Math.Min(MaxHaze, (float)(HazeSigma * scale)), run);
        return new Image(Exposed(sharp, haze));
    }

    /// <summary>Cells that keep a distance; some lie partly outside the field, as they do.</summary>
    private static List<(double X, double Y)> Centres(Dice dice, double scale, int side)
    {
        var centres = new List<(double X, double Y)>();
        for (int tries = 0; tries < 200 && centres.Count < 6; tries++)
        {
            (double x, double y) = (dice.Between(0.04, 0.96) * side, dice.Between(0.04, 0.96) * side);
            if (centres.TrueForAll(c => double.Hypot(c.X - x, c.Y - y) > 56 * scale))
            {
                centres.Add((x, y));
            }
        }

        return centres;
    }

    private static void Nucleus(Canvas canvas, Dice dice, Plane chromatin, double x, double y, double scale)
    {
        (double a, double b) = (dice.Between(13, 19) * scale, dice.Between(9, 14) * scale);
        double turn = dice.Between(0, Math.PI);
        double brightness = dice.Between(0.3, 0.55);
        (double lobe, double phase) = (dice.Between(0.03, 0.1), dice.Between(0, 2 * Math.PI));
        canvas.Each(x, y, 1.3 * a, (px, py) =>
        {
            (double dx, double dy) = (px - x, py - y);
            (double u, double v) = (((dx * Math.Cos(turn))
                + (dy * Math.Sin(turn))) / a, ((dy * Math.Cos(turn)) - (dx * Math.Sin(turn))) / b);
            double radius = Math.Sqrt((u * u) + (v * v)) / (1 + (lobe * Math.Cos((3 * Math.Atan2(v, u)) + phase)));
            double inside = Math.Clamp((1 - radius) * b / 1.5, 0, 1);
            double grain = 1 + (0.55 * chromatin.Row(py)[px]);
            return brightness * inside * Math.Max(
                0.25, grain) * (0.8 + (0.2 * Math.Sqrt(Math.Max(0, 1 - (radius * radius)))));
        });
    }

    private static void Microtubules(Canvas canvas, Dice dice, double x, double y, double scale)
    {
        (double centreX, double centreY) = (x + (dice.Between(-9, 9) * scale), y + (dice.Between(-9, 9) * scale));
        int count = (int)dice.Between(34, 46);
        for (int i = 0; i < count; i++)
        {
            double heading = dice.Between(0, 2 * Math.PI);
            double bend = 0;
            double length = dice.Between(26, 70) * scale;
            double brightness = dice.Between(0.09, 0.27);
            (double px, double py) = (centreX, centreY);
            const double Step = 0.25;
            for (double walked = 0; walked < length; walked += Step)
            {
                // The direction changes smoothly, so that the filament is stiff, as microtubules are.
                bend = (0.97 * bend) + (0.011 / scale * dice.Between(-1, 1));
                heading += bend * Step;
                (px, py) = (px + (Step * Math.Cos(heading)), py + (Step * Math.Sin(heading)));
                double faded = Math.Min(1, walked / (6 * scale)) * Math.Min(1, (length - walked) / (8 * scale));
                canvas.Splat(px, py, Step * brightness * faded * 1.7);
            }
        }
    }

    private static void Vesicles(Canvas canvas, Dice dice, double x, double y, double scale)
    {
        for (int i = 0; i < 22; i++)
        {
            (double distance, double angle) = (dice.Between(12, 42) * scale, dice.Between(0, 2 * Math.PI));
            canvas.Splat(x + (distance * Math.Cos(angle)), y + (distance * Math.Sin(angle)), dice.Between(0.5, 2.4));
        }
    }

    /// <summary>Smooth grain of zero mean and unit variance.</summary>
    private static Plane Texture(int side, float sigma, RunSettings run, double strength)
    {
        var flat = new Image(Plane.Create(side, side, 0, static (samples, _) => samples.Clear()));
        Image noisy = new GaussianNoise(255).AddTo(flat, clip: false, run);
        Plane smooth = Blurred(noisy.Planes[0], sigma, run);
        double power = 0;
        foreach (float sample in smooth.Samples)
        {
            power += (double)sample * sample;
        }

        double factor = strength / Math.Sqrt(power / smooth.Samples.Length);
        return Plane.Create(side, side, (smooth, factor), static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = (float)(from.smooth.Samples[i] * from.factor);
            }
        });
    }

    private static Plane Exposed(Plane sharp, Plane haze) =>
        Plane.Create(sharp.Width, sharp.Height, (sharp, haze), static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] =
                    (float)Math.Clamp(DarkLevel + (0.92 * from.sharp.Samples[i]) + (0.13 * from.haze.Samples[i]), 0, 1);
            }
        });

    private static Plane Blurred(Plane plane, float sigma, RunSettings run) =>
        new GaussianFilter(new GaussianOptions { Sigma = sigma }, run).Denoise(new Image(plane)).Image.Planes[0];

    /// <summary>Uniform numbers, one after the other: the noise model's own, so they are the same everywhere.</summary>
    private sealed class Dice
    {
        private const int Stock = 1 << 8;
        private readonly Plane _numbers;
        private int _next;

        public Dice(ulong seed)
        {
            Plane half = Plane.Create(Stock, Stock, 0, static (samples, _) => samples.Fill(0.5f));
            _numbers = new UniformNoise(1).AddTo(
                new Image(half), clip: false, new RunSettings { Seed = seed, Threads = 1 }).Planes[0];
        }

        public double Between(double from, double to) =>
            from + ((to - from) * _numbers.Samples[_next++ % _numbers.Samples.Length]);
    }

    private sealed class Canvas(int side)
    {
        private readonly float[] _samples = new float[side * side];

        /// <summary>Adds light at a point between pixels, shared out to its four neighbours.</summary>
        public void Splat(double x, double y, double light)
        {
            (int left, int top) = ((int)Math.Floor(x), (int)Math.Floor(y));
            (double u, double v) = (x - left, y - top);
            Add(left, top, light * (1 - u) * (1 - v));
            Add(left + 1, top, light * u * (1 - v));
            Add(left, top + 1, light * (1 - u) * v);
            Add(left + 1, top + 1, light * u * v);
        }

        /// <summary>Adds light to every pixel within <paramref name="radius"/> of a point.</summary>
        public void Each(double x, double y, double radius, Func<int, int, double> light)
        {
            for (int py = Math.Max(0, (int)(y - radius)); py <= Math.Min(side - 1, (int)(y + radius)); py++)
            {
                for (int px = Math.Max(0, (int)(x - radius)); px <= Math.Min(side - 1, (int)(x + radius)); px++)
                {
                    Add(px, py, light(px, py));
                }
            }
        }

        public Plane ToPlane() => Plane.From(side, side, _samples);

        private void Add(int x, int y, double light)
        {
            if (x >= 0 && x < side && y >= 0 && y < side)
            {
                _samples[(y * side) + x] += (float)light;
            }
        }
    }
}
