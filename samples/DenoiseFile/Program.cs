// DenoiseFile INPUT OUTPUT: a file in, a file out, of the same sample type and with the same metadata.
using Klar;
using Klar.Formats;

LoadedImage cells = ImageFile.Read(args[0]);
Denoised result = new AutoDenoiser(new AutoOptions()).Denoise(cells.Image);
ImageFile.Write(args[1], cells with { Image = result.Image });
Console.WriteLine($"{args[1]}: {result.Report.Method}");
