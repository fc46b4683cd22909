namespace Klar.Cli.Viewing;

/// <summary>What comes before the bytes of an answer: how many there are, or why there are none.</summary>
/// <param name="Bytes">How many bytes follow the line.</param>
/// <param name="Error">What went wrong, a line; null where nothing did.</param>
/// <param name="Usage">Whether the request was wrong, and not the file.</param>
internal sealed record PageAnswer(int Bytes, string? Error, bool Usage);

/// <summary>The grey levels of the channels of a stack.</summary>
internal sealed record StackLevelsDocument(IReadOnlyList<LevelsDocument> Channels);

/// <summary>Grey levels of the file: the range, and black and white of an automatic contrast.</summary>
internal sealed record LevelsDocument(double Least, double Most, double Black, double White);
