using System.Diagnostics;
using System.Globalization;

namespace Klar.Benchmarks;

/// <summary>
/// Times the classical filters as <c>classic_opencv.py</c> times its own: one random float image, medians of 7 after
/// a first call, two threads. <c>filters SIZE</c>
/// </summary>
internal static class FilterTimes
{
    public static void Run(int side)
    {
        var run = new RunSettings { Threads = 2 };
        var image = new Image(Plane.Create(side, side, 0, static (samples, _) =>
        {
            uint state = 1;
            foreach (ref float sample in samples)
            {
                state = (state * 1664525) + 1013904223;
                sample = (state >> 8) / (float)(1 << 24);
            }
        }));
        Image sixteen = image.With([Quantised(image.Planes[0], 65535)]);
        Image eight = image.With([Quantised(image.Planes[0], 255)]);
        Time("median 3 float", new MedianFilter(new MedianOptions(), run), image);
        Time("median 3 u16", new MedianFilter(new MedianOptions(), run), sixteen);
        Time("median 5 float", new MedianFilter(new MedianOptions { Size = 5 }, run), image);
        Time("median 7 u8", new MedianFilter(new MedianOptions { Size = 7 }, run), eight);
        Time("mean 5 float", new MeanFilter(new MeanOptions { Size = 5 }, run), image);
        Time("gaussian 2 float", new GaussianFilter(new GaussianOptions { Sigma = 2 }, run), image);
        Time("bilateral 5 float", new BilateralFilter(
            new BilateralOptions { Radius = 2, SigmaSpace = 2, SigmaRange = 0.1f }, run), image);
        Time("wiener 5", new WienerFilter(new WienerOptions { Size = 5 }, run), image);
    }

    private static Plane Quantised(Plane plane, float levels) => Plane.From(
        plane.Width, plane.Height,
        Array.ConvertAll(plane.Samples.ToArray(), sample => MathF.Round(sample * levels) / levels));

    private static void Time(string name, IDenoiser filter, Image image)
    {
        var first = Stopwatch.StartNew();
        filter.Denoise(image);
        double cold = first.Elapsed.TotalMilliseconds;
        double[] times = new double[7];
        for (int i = 0; i < times.Length; i++)
        {
            var watch = Stopwatch.StartNew();
            filter.Denoise(image);
            times[i] = watch.Elapsed.TotalMilliseconds;
        }

        Array.Sort(times);
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{name,-18} {times[3],8:F2} ms   (first call {cold:F2} ms)"));
    }
}
