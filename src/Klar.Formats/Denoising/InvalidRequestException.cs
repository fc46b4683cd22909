namespace Klar.Formats.Denoising;

/// <summary>A request that the file at hand cannot meet, or that makes no sense; the message is one line.</summary>
/// <param name="message">What is wrong, with the option's name.</param>
internal sealed class InvalidRequestException(string message) : Exception(message);
