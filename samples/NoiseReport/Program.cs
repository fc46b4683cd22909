// Says how much noise each page of a file has: NoiseReport cells.tif
using Klar;
using Klar.Formats;
using Klar.Noise;

await using FileStream file = File.OpenRead(args[0]);
using ImageStack stack = ImageStack.Open(file);
for (int page = 0; page < stack.Pages; page++)
{
    Image noisy = stack.Read(page).Image;
    NoiseEstimate noise = NoiseEstimator.Estimate(noisy);
    double sigma = noise.Sigma * noisy.Scale.Range;
    Console.WriteLine($"page {page + 1}: {noise.Kind}, sigma {sigma:F2} grey levels, confidence {noise.Confidence:F2}");
}
