using System.Globalization;
using System.Text;
using Klar.Formats;

namespace Klar.Reports;

/// <summary>The losses of a training, step by step.</summary>
public static class LossCurve
{
    private const int Width = 960;
    private const int Height = 540;
    private const int Left = 90;
    private const int Top = 50;
    private const int Right = 30;
    private const int Bottom = 60;
    private static readonly (byte, byte, byte) Each = (190, 205, 225);
    private static readonly (byte, byte, byte) Mean = (30, 80, 160);
    private static readonly (byte, byte, byte) Line = (225, 225, 225);

    /// <summary>A line a step: its number, its loss.</summary>
    public static string Csv(IReadOnlyList<float> losses)
    {
        ArgumentNullException.ThrowIfNull(losses);
        var text = new StringBuilder("step,loss\n");
        for (int i = 0; i < losses.Count; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"{i + 1},{losses[i]:G9}\n");
        }

        return text.ToString();
    }

    /// <summary>
    /// Draws the losses, and their geometric mean over a twentieth of the steps, on a logarithmic scale; PNG.
    /// </summary>
    public static void Draw(string path, IReadOnlyList<float> losses, string title)
    {
        ArgumentNullException.ThrowIfNull(losses);
        double[] means = Means(losses, Math.Max(1, losses.Count / 20));
        double[] seen = [.. losses
            .Where(static loss => loss > 0 && float.IsFinite(loss))
            .Select(static loss => Math.Log10(loss))
            .Order()];

        // A few wild first steps do not flatten all the others.
        (double low, double high) = seen.Length == 0 ? (-1, 0) : (seen[0], seen[(int)((seen.Length - 1) * 0.995)]);
        (low, high) = high - low < 0.1 ? (low - 0.05, high + 0.05) : (low, high);
        int across = Width - Left - Right, down = Height - Top - Bottom;
        int X(int step) => Left + (int)((step - 1) * (long)(across - 1) / Math.Max(1, losses.Count - 1));
        int Y(double loss) =>
            Top + (int)Math.Clamp((high - Math.Log10(Math.Max(loss, 1e-30))) / (high - low) * (down - 1), 0, down - 1);

        byte[] rgb = new byte[Width * Height * 3];
        rgb.AsSpan().Fill(255);
        foreach (double tick in Ticks(low, high))
        {
            Fill(rgb, Left, Y(tick), across, 1, Line);
        }

        for (int i = 1; i < losses.Count; i++)
        {
            Segment(rgb, X(i), Y(losses[i - 1]), X(i + 1), Y(losses[i]), 1, Each);
        }

        for (int i = 1; i < losses.Count; i++)
        {
            Segment(rgb, X(i), Y(means[i - 1]), X(i + 1), Y(means[i]), 3, Mean);
        }

        using var canvas = new Canvas(Width, Height);
        canvas.Picture(rgb, Width, Height, 0, 0, Width, Height);
        foreach (double tick in Ticks(low, high))
        {
            canvas.Text(tick.ToString("G2", CultureInfo.InvariantCulture), Left / 2, Y(tick), 15);
        }

        canvas.Frame(Left, Top, across, down, 1, (120, 120, 120));
        canvas.Text(title, Left + (across / 2), Top / 2, 19, bold: true);
        canvas.Text("1", Left, Height - (Bottom * 2 / 3), 15);
        canvas.Text(
            losses.Count.ToString(CultureInfo.InvariantCulture), Width - Right - 20, Height - (Bottom * 2 / 3), 15);
        canvas.Text("step", Left + (across / 2), Height - (Bottom * 2 / 3), 15);
        canvas.Text("loss", Left / 2, Top / 2, 15);
        canvas.Save(path);
    }

    /// <summary>
    /// The geometric mean of each loss and those before it, as many as there are up to <paramref name="window"/>: a
    /// few wild first steps do not weigh more than they are.
    /// </summary>
    private static double[] Means(IReadOnlyList<float> losses, int window)
    {
        double[] means = new double[losses.Count];
        double sum = 0;
        double Log(int i) => Math.Log10(Math.Clamp(losses[i], 1e-30, 1e30));
        for (int i = 0; i < means.Length; i++)
        {
            sum += Log(i) - (i >= window ? Log(i - window) : 0);
            means[i] = Math.Pow(10, sum / Math.Min(i + 1, window));
        }

        return means;
    }

    /// <summary>1, 2 and 5 of each decade; where that is too few, every digit; where it is too many, decades.</summary>
    private static double[] Ticks(double low, double high)
    {
        double[] Of(params double[] digits) =>
        [
            .. Enumerable.Range((int)Math.Floor(low), (int)Math.Ceiling(high) - (int)Math.Floor(low) + 1)
                .SelectMany(_ => digits, static (decade, digit) => digit * Math.Pow(10, decade))
                .Where(tick => Math.Log10(tick) >= low && Math.Log10(tick) <= high),
        ];
        double[] usual = Of(1, 2, 5);
        return usual.Length > 12 ? Of(1) : usual.Length < 3 ? Of(1, 2, 3, 4, 5, 6, 7, 8, 9) : usual;
    }

    private static void Segment(byte[] rgb, int x0, int y0, int x1, int y1, int thickness, (byte, byte, byte) colour)
    {
        int steps = Math.Max(1, Math.Max(Math.Abs(x1 - x0), Math.Abs(y1 - y0)));
        for (int i = 0; i <= steps; i++)
        {
            Fill(rgb, x0 + ((x1 - x0) * i / steps) - (thickness / 2), y0
                + ((y1 - y0) * i / steps) - (thickness / 2), thickness, thickness, colour);
        }
    }

    private static void Fill(
        byte[] rgb, int left, int top, int width, int height, (byte Red, byte Green, byte Blue) colour)
    {
        for (int y = Math.Max(0, top); y < Math.Min(Height, top + height); y++)
        {
            for (int x = Math.Max(0, left); x < Math.Min(Width, left + width); x++)
            {
                int at = ((y * Width) + x) * 3;
                (rgb[at], rgb[at + 1], rgb[at + 2]) = (colour.Red, colour.Green, colour.Blue);
            }
        }
    }
}
