using NetVips;
using VipsImage = NetVips.Image;

namespace Klar.Formats;

/// <summary>A white sheet to lay pictures, text and frames on, in 8-bit RGB; libvips draws.</summary>
public sealed class Canvas : IDisposable
{
    private VipsImage _sheet;

    /// <summary>An empty sheet of that many pixels.</summary>
    public Canvas(int width, int height)
    {
        Vips.Ensure();
        using VipsImage black = VipsImage.Black(width, height, bands: 3);
        using VipsImage white = black.Linear([1], [255], uchar: true);
        _sheet = white.Copy(interpretation: Enums.Interpretation.Srgb).CopyMemory();
    }

    /// <summary>
    /// Lays a picture, [row][column][red, green, blue], with its corner at (<paramref name="x"/>,
    /// <paramref name="y"/>), scaled to the given width: repeated pixels where it grows, Lanczos where it shrinks.
    /// </summary>
    public void Picture(byte[] rgb, int width, int height, int x, int y, int scaledWidth, int scaledHeight)
    {
        using VipsImage picture = VipsImage.NewFromMemory(rgb, width, height, 3, Enums.BandFormat.Uchar);
        using VipsImage scaled = scaledWidth >= width
            ? picture.Affine(
                [(double)scaledWidth / width, 0, 0, (double)scaledHeight / height],
                interpolate: Interpolate.NewFromName("nearest"), oarea: [0, 0, scaledWidth, scaledHeight])
            : picture.Resize((double)scaledWidth / width, vscale: (double)scaledHeight / height);
        Insert(scaled, x, y);
    }

    /// <summary>Writes a line of text, centred at <paramref name="x"/>, its middle at <paramref name="y"/>.</summary>
    /// <param name="text">The line.</param>
    /// <param name="x">Its centre.</param>
    /// <param name="y">Its middle.</param>
    /// <param name="points">Height of the letters in points of 1/72 inch at 72 dots an inch: pixels.</param>
    /// <param name="bold">Whether in bold.</param>
    /// <param name="light">White on the picture below instead of black.</param>
    public void Text(string text, int x, int y, int points, bool bold = false, bool light = false)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        LetterFonts.Ensure();
        string font = $"DejaVu Sans{(bold ? " Bold" : string.Empty)} {points}";
        using VipsImage letters = VipsImage.Text(
            text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal),
            font: font, dpi: 72);
        (int left, int top) = (Math.Max(0, x - (letters.Width / 2)), Math.Max(0, y - (letters.Height / 2)));
        int right = Math.Min(left + letters.Width, _sheet.Width),
            bottom = Math.Min(top + letters.Height, _sheet.Height);
        using VipsImage below = _sheet.Crop(left, top, right - left, bottom - top);
        using VipsImage mask = letters.Crop(0, 0, right - left, bottom - top);
        using VipsImage ink = below.NewFromImage(light ? 255 : 20);
        using VipsImage blended = mask.Ifthenelse(ink, below, blend: true);
        Insert(blended, left, top);
    }

    /// <summary>Draws a frame of <paramref name="thickness"/> pixels inside the rectangle, or fills it.</summary>
    public void Frame(
        int x, int y, int width, int height, int thickness, (byte Red, byte Green, byte Blue) colour, bool fill = false)
    {
        double[] ink = [colour.Red, colour.Green, colour.Blue];
        Replace(_sheet.Mutate(sheet =>
        {
            for (int i = 0; i < (fill ? 1 : thickness); i++)
            {
                sheet.DrawRect(ink, x + i, y + i, width - (2 * i), height - (2 * i), fill: fill);
            }
        }));
    }

    /// <summary>Writes the sheet as PNG, whole or not at all.</summary>
    /// <exception cref="BadImageFileException">The file cannot be written.</exception>
    public void Save(string path)
    {
        try
        {
            AtomicFile.Write(path, unfinished => _sheet.Pngsave(unfinished, compression: 9));
        }
        catch (VipsException failure)
        {
            throw new BadImageFileException(Vips.Reason(failure), failure);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sheet.Dispose();

    private void Insert(VipsImage picture, int x, int y)
    {
        using VipsImage colour = picture.Cast(Enums.BandFormat.Uchar);
        using VipsImage inserted = _sheet.Insert(colour, x, y);
        Replace(inserted.CopyMemory());
    }

    private void Replace(VipsImage sheet)
    {
        _sheet.Dispose();
        _sheet = sheet;
    }
}
