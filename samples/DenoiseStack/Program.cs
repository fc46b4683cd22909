// Denoises every page of a file and keeps its metadata: DenoiseStack cells.tif clean.tif
using Klar;
using Klar.Formats;

using ImageStack cells = ImageStack.Open(args[0]);
var progress = new Progress<DenoiseProgress>(step => Console.Error.WriteLine($"{step.Fraction:P0} {step.Stage}"));
foreach (DenoiseReport page in cells.Denoise(new AutoDenoiser(new() { Effort = Effort.Fast }), args[1], progress))
{
    Console.WriteLine(page.Settings.GetValueOrDefault("why", page.Method));
}
