namespace Klar;

/// <summary>A cleaned image, and everything that is needed to make it again.</summary>
public sealed record Denoised(Image Image, DenoiseReport Report);
