namespace Klar.Formats;

/// <summary>A file format that Klar knows, and what becomes of it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Extensions">Endings that its files have.</param>
/// <param name="Read">What of it is read.</param>
/// <param name="Written">What is written from it.</param>
/// <param name="Kept">What is kept.</param>
/// <param name="Lost">What is lost, or refused with a line.</param>
internal sealed record FileFormat(
    string Name, IReadOnlyList<string> Extensions, string Read, string Written, string Kept, string Lost)
{
    /// <summary>Whether it is a microscope's own format, whose files are recognised by their first bytes.</summary>
    public bool IsOfMicroscopes { get; init; } = true;
}
