namespace Klar.Formats.Denoising;

/// <summary>What all pages of a channel have in common.</summary>
/// <param name="Statistics">Noise and decisions; null for a page that stands alone and is taken whole.</param>
/// <param name="Networks">Networks, trained once, where pages go in tiles; null else.</param>
internal sealed record ChannelContext(StackStatistics? Statistics, WarmStart? Networks);
