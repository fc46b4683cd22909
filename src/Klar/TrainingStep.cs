namespace Klar;

/// <summary>What a caller sees of a training step.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Loss">The loss before its update.</param>
public readonly record struct TrainingStep(int Number, double Loss);
