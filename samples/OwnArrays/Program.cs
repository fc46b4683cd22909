// Denoises samples that a program already has, here those of a camera with 16 bits, and gives them back as such.
using Klar;

const int Width = 96, Height = 64;
var random = new Random(1);
ushort[] clean = new ushort[Width * Height], noisy = new ushort[Width * Height];
for (int i = 0; i < clean.Length; i++)
{
    (int x, int y) = (i % Width, i / Width);
    clean[i] = (ushort)(Math.Pow(x - 48, 2) + Math.Pow(y - 32, 2) < 400 ? 1200 : 300);
    double gauss = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(Math.Tau * random.NextDouble());
    noisy[i] = (ushort)Math.Clamp(clean[i] + (60 * gauss), 0, ushort.MaxValue);
}

Image image = Image.From(noisy, Width, Height);
Denoised result = new Bm3dDenoiser(new() { Sigma = null }).Denoise(image); // null: measured
ushort[] back = result.Image.ToUInt16();

double ErrorOf(ushort[] samples) => Math.Sqrt(clean.Zip(samples, (a, b) => Math.Pow(a - b, 2)).Average());
Console.WriteLine($"error before {ErrorOf(noisy):F1}, after {ErrorOf(back):F1} grey levels");
