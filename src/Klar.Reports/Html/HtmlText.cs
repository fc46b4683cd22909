using System.Globalization;
using System.Net;
using System.Text;
using Klar.Formats;

namespace Klar.Reports.Html;

/// <summary>
/// A page of HTML that needs nothing but itself: style, script and pictures are inside, and a policy forbids it to
/// load anything.
/// </summary>
internal sealed class HtmlText
{
    private readonly StringBuilder _body = new();

    /// <summary>What was put into it so far.</summary>
    public string Body => _body.ToString();

    public static string Escape(string text) => WebUtility.HtmlEncode(text);

    public HtmlText Raw(string html)
    {
        _body.Append(html).Append('\n');
        return this;
    }

    public HtmlText Heading(int level, string text) =>
        Raw(string.Create(CultureInfo.InvariantCulture, $"<h{level}>{Escape(text)}</h{level}>"));

    public HtmlText Paragraph(string text, string style = "") =>
        Raw(style.Length > 0 ? $"<p class=\"{style}\">{Escape(text)}</p>" : $"<p>{Escape(text)}</p>");

    /// <summary>
    /// A table; the numbers of its cells from <paramref name="numbersFrom"/> on stand to the right, the best of a
    /// line is bold.
    /// </summary>
    public HtmlText Table(
        IReadOnlyList<string> headings, IEnumerable<(IReadOnlyList<string> Cells, int Best)> lines, int numbersFrom)
    {
        string Cell(string tag, string text, int column, bool best)
        {
            string kind = column >= numbersFrom ? " class=\"number\"" : string.Empty;
            return $"<{tag}{kind}>{(best ? $"<b>{Escape(text)}</b>" : Escape(text))}</{tag}>";
        }

        string head = string.Concat(headings.Select((heading, i) => Cell("th", heading, i, false)));
        Raw($"<div class=\"scroll\"><table><thead><tr>{head}</tr></thead><tbody>");
        foreach ((IReadOnlyList<string> cells, int best) in lines)
        {
            Raw($"<tr>{string.Concat(cells.Select((cell, i) => Cell("td", cell, i, i == best)))}</tr>");
        }

        return Raw("</tbody></table></div>");
    }

    /// <summary>Names and what they stand for.</summary>
    public HtmlText Terms(IEnumerable<(string Name, string Text)> terms)
    {
        IEnumerable<string> lines =
            terms.Select(static term => $"<dt>{Escape(term.Name)}</dt><dd>{Escape(term.Text)}</dd>");
        return Raw($"<dl>{string.Concat(lines)}</dl>");
    }

    /// <summary>
    /// Pictures of one size: two of them on each other with a curtain between them and a choice of which two (for
    /// readers with a script), and then all of them beside each other, with what was taken out below.
    /// </summary>
    public HtmlText Pictures(IReadOnlyList<ShownPicture> pictures, int width, int height, int left, int right)
    {
        string Option(ShownPicture picture, int number, bool isChosen) => string.Create(
            CultureInfo.InvariantCulture,
            $"<option value=\"{number}\"{(isChosen ? " selected" : string.Empty)}>{Escape(picture.Name)}</option>");
        string Choice(string side, int chosen) =>
            $"<label>{side} <select>"
            + string.Concat(pictures.Select((picture, i) => Option(picture, i, i == chosen)))
            + "</select></label>";
        int zoom = Math.Clamp(640 / Math.Max(1, width), 1, 4);
        Raw($"<div class=\"stage\"><div class=\"controls\">{Choice("left", left)} {Choice("right", right)}</div>");
        Raw(string.Create(
            CultureInfo.InvariantCulture,
            $"<div class=\"curtain\" style=\"width:{width * zoom}px;aspect-ratio:{width}/{height}\">"
            + $"<img alt=\"\"><img alt=\"\"><i></i></div>"));
        Raw("<label class=\"slide\">curtain <input type=\"range\" min=\"0\" max=\"1000\" value=\"500\"></label>"
            + "</div><div class=\"strip\">");
        foreach (ShownPicture picture in pictures)
        {
            string name = Escape(picture.Name);
            Raw($"<figure><img class=\"shown\" alt=\"{name}\" src=\"{Source(picture.Rgb, width, height)}\">"
                + $"<figcaption>{name}<br>{Escape(picture.Caption)}</figcaption>");
            if (picture.TakenOut is { } residual)
            {
                Raw($"<img alt=\"what {name} took out\" src=\"{Source(residual, width, height)}\">"
                    + "<figcaption class=\"quiet\">taken out</figcaption>");
            }

            Raw("</figure>");
        }

        return Raw("</div>");
    }

    /// <summary>A picture with its name, a line below it, and what was taken out.</summary>
    internal sealed record ShownPicture(string Name, string Caption, byte[] Rgb, byte[]? TakenOut);

    /// <summary>A picture for <c>src</c>.</summary>
    private static string Source(byte[] rgb, int width, int height) =>
        $"data:image/png;base64,{Convert.ToBase64String(PngPicture.Of(rgb, width, height))}";

    /// <summary>The whole page.</summary>
    public string Page(string title) =>
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">"
        + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
        + "style-src 'unsafe-inline'; script-src 'unsafe-inline'\">"
        + $"<title>{Escape(title)}</title><style>{Resource("report.css")}</style></head>\n"
        + $"<body><main>\n{_body}</main>\n<script>{Resource("report.js")}</script></body></html>\n";

    private static string Resource(string name)
    {
        using Stream stream = typeof(HtmlText).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"{name} is not in the assembly");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
