// DenoiseStack INPUT FOLDER: the pages of a stack, one file each, with progress, until Ctrl-C.
using Klar;
using Klar.Formats;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

using ImageStack cells = ImageStack.Open(args[0], cancel: stop.Token);
var denoiser = new AutoDenoiser(new AutoOptions());
SampleScale scale = cells.Scale(Enumerable.Range(0, cells.Pages));
for (int page = 0; page < cells.Pages; page++)
{
    LoadedImage noisy = cells.Read(page, scale);
    Denoised result = denoiser.Denoise(noisy.Image, cancel: stop.Token);
    ImageFile.Write(Path.Combine(args[1], $"page{page}.tif"), noisy with { Image = result.Image });
    Console.WriteLine($"page {page + 1} of {cells.Pages}: {result.Report.Method}");
}
