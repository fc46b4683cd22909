using System.Globalization;
using Klar.Formats;

namespace Klar.Reports;

/// <summary>
/// The figure of one noise: clean, noisy and each result, side by side, all in the same contrast; under each picture an
/// enlarged part whose place a frame shows, and then its name and PSNR.
/// </summary>
public static class Figure
{
    private const int PanelSide = 480;
    private const int Gap = 14;
    private const int FooterHeight = 54;
    private const int MaxColumns = 5;
    private static readonly (byte, byte, byte) FrameColour = (240, 120, 0);

    /// <summary>Writes the figure of <paramref name="one"/> as PNG.</summary>
    public static void Write(string path, ComparisonCase one)
    {
        ArgumentNullException.ThrowIfNull(one);
        var layout = new Layout(one);
        using var canvas = new Canvas(layout.Width, layout.Height);
        double best = one.Results.Max(static result => result.Row.Psnr ?? double.PositiveInfinity);

        Panel(canvas, layout, 0, "clean", one.Input.Reference, bold: false);
        ScaleBar(canvas, layout, one.Input.PixelSizeMicrometres);
        for (int i = 0; i < one.Results.Count; i++)
        {
            ComparisonResult result = one.Results[i];
            string psnr = result.Row.Psnr is { } decibels
                ? string.Create(CultureInfo.InvariantCulture, $"{decibels:F2} dB")
                : "exact";
            string name = i == 0 && one.Noise is not null ? one.Noise : result.Row.Method;
            Panel(
                canvas, layout, i + 1, $"{name}  {psnr}", result.Image,
                bold: i > 0 && (result.Row.Psnr is null || result.Row.Psnr == best));
        }

        canvas.Save(path);
    }

    private static void Panel(Canvas canvas, Layout layout, int index, string footer, Image image, bool bold)
    {
        (int x, int y) = layout.Corner(index);
        canvas.Picture(layout.Displayed(image), image.Width, image.Height, x, y, layout.PanelWidth, layout.PanelHeight);
        double scale = (double)layout.PanelWidth / image.Width;
        canvas.Frame(
            x + (int)(layout.CropX * scale), y + (int)(layout.CropY * scale), (int)(layout.CropSide * scale),
            (int)(layout.CropSide * scale), 3, FrameColour);
        y += layout.PanelHeight + Gap;
        Image part = image.Crop(layout.CropX, layout.CropY, layout.CropSide, layout.CropSide);
        canvas.Picture(layout.Displayed(part), part.Width, part.Height, x, y, layout.PanelWidth, layout.PanelWidth);
        canvas.Frame(x, y, layout.PanelWidth, layout.PanelWidth, 4, FrameColour);
        canvas.Text(footer, x + (layout.PanelWidth / 2), y + layout.PanelWidth + (FooterHeight / 2), 27, bold);
    }

    private static void ScaleBar(Canvas canvas, Layout layout, double? pixelSize)
    {
        if (pixelSize is not { } micrometres)
        {
            return;
        }

        double across = micrometres * layout.ImageWidth;
        double length = Math.Pow(10, Math.Floor(Math.Log10(across / 4)));
        length *= across / 4 / length >= 5 ? 5 : across / 4 / length >= 2 ? 2 : 1;
        int bar = (int)(length / across * layout.PanelWidth);
        (int x, int y) = layout.Corner(0);
        (int left, int top) = (x + layout.PanelWidth - bar - 16, y + layout.PanelHeight - 24);
        canvas.Frame(left, top, bar, 8, 1, (255, 255, 255), fill: true);
        canvas.Text(
            string.Create(CultureInfo.InvariantCulture, $"{length:G3} µm"), left + (bar / 2), top - 18, 20, bold: true,
            light: true);
    }

    /// <summary>Where things stand, which part is enlarged, and the contrast that all share.</summary>
    private sealed class Layout
    {
        private readonly int _columns;
        private readonly Display _display;

        public Layout(ComparisonCase one)
        {
            Image clean = one.Input.Reference;
            ImageWidth = clean.Width;
            int panels = one.Results.Count + 1;
            int rows = (panels + MaxColumns - 1) / MaxColumns;
            _columns = (panels + rows - 1) / rows;
            int repeat = Math.Max(1, (int)Math.Round((double)PanelSide / clean.Width));
            PanelWidth = clean.Width <= PanelSide ? clean.Width * repeat : PanelSide;
            PanelHeight = (int)Math.Round((double)PanelWidth * clean.Height / clean.Width);
            CropSide = Math.Max(1, Math.Min(Math.Min(clean.Width, clean.Height), clean.Width / 5));
            (CropX, CropY) = Display.MaxStructured(clean, CropSide, CropSide);
            _display = Display.Of(clean);
            Width = (_columns * (PanelWidth + Gap)) + Gap;
            Height = (rows * CellHeight) + Gap;
        }

        public int ImageWidth { get; }

        public int Width { get; }

        public int Height { get; }

        public int PanelWidth { get; }

        public int PanelHeight { get; }

        public int CropX { get; }

        public int CropY { get; }

        public int CropSide { get; }

        private int CellHeight => PanelHeight + Gap + PanelWidth + FooterHeight;

        public (int X, int Y) Corner(int index) =>
            (Gap + (index % _columns * (PanelWidth + Gap)), Gap + (index / _columns * CellHeight));

        /// <summary>The image as it is shown, in the common contrast.</summary>
        public byte[] Displayed(Image image) => _display.Rgb(image);
    }
}
