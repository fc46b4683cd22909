namespace Klar;

/// <summary>How far a run is: what it does now, and the share done, 0 to 1, which never goes back.</summary>
public readonly record struct DenoiseProgress(string Stage, double Fraction);
