// DenoiseArray: samples of 16 bits in memory, as a camera gives them, denoised and given back as such.
using Klar;

const int Width = 128, Height = 96, Levels = 4095;
ushort[] frame = Frame();
Plane plane = Plane.From(Width, Height, Array.ConvertAll(frame, static value => (float)value / Levels));
var image = new Image(plane, new SampleScale(0, Levels, Bounded: true));

Denoised result = new Bm3dDenoiser(new Bm3dOptions { Sigma = 25 / 255f }).Denoise(image);

ushort[] clean = Array.ConvertAll(
    result.Image.Planes[0].Samples.ToArray(),
    static sample => (ushort)Math.Clamp(MathF.Round(sample * Levels), 0, Levels));
Console.WriteLine($"{Roughness(frame):F0} -> {Roughness(clean):F0}");

// A bright disc on a dark ground, with noise of a tenth of the white.
static ushort[] Frame()
{
    var random = new Random(1);
    var samples = new ushort[Width * Height];
    for (int i = 0; i < samples.Length; i++)
    {
        int x = (i % Width) - (Width / 2), y = (i / Width) - (Height / 2);
        double noise = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        double level = (x * x) + (y * y) < 900 ? 2800 : 1200;
        samples[i] = (ushort)Math.Clamp(level + (noise * Levels * 25 / 255), 0, Levels);
    }

    return samples;
}

// The mean difference of neighbours in a row.
static double Roughness(ushort[] samples) => samples.Zip(samples.Skip(1), static (a, b) => Math.Abs(a - b)).Average();
