using System.Diagnostics.CodeAnalysis;

namespace Klar;

/// <summary>An option has a value that it cannot have; <see cref="ArgumentException.ParamName"/> names it.</summary>
/// <param name="option">The property's name.</param>
/// <param name="value">The value.</param>
/// <param name="requirement">What the value must be, to follow «must be»: «from 1 to 256».</param>
[SuppressMessage(
    "Design", "CA1032:Implement standard exception constructors",
    Justification = "Such an exception without an option would not say what its name promises.")]
public sealed class OptionOutOfRangeException(string? option, object? value, string requirement)
    : ArgumentOutOfRangeException(option, value, $"Must be {requirement}.")
{
    /// <summary>What the value must be, to follow «must be»: «from 1 to 256».</summary>
    public string Requirement { get; } = requirement;
}
