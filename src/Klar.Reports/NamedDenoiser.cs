namespace Klar.Reports;

/// <summary>A denoiser under the name that the table shows.</summary>
public sealed record NamedDenoiser(string Name, IDenoiser Denoiser);
