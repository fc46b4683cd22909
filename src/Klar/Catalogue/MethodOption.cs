namespace Klar.Catalogue;

/// <summary>An option of a method, as a user writes and reads it.</summary>
/// <param name="Name">The option record's property in kebab-case.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Unit">The unit of its value: pixels, steps, 255ths of white, …</param>
/// <param name="Range">The values it takes.</param>
/// <param name="Default">Its value where none is given.</param>
/// <param name="IsNoiseLevel">Whether it is the noise's σ, which <c>--sigma</c> sets.</param>
public sealed record MethodOption(
    string Name, string Summary, string Unit, string Range, string Default, bool IsNoiseLevel = false);
