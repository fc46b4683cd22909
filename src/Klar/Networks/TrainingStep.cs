namespace Klar.Networks;

/// <summary>What a caller sees of a training step: its number, from 1, and the loss before the update.</summary>
internal readonly record struct TrainingStep(int Number, double Loss);
