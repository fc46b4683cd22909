namespace Klar.Catalogue;

/// <summary>
/// What a method takes of memory beside input and result, as measured on 2048 × 2048 (docs/cli.md).
/// </summary>
/// <param name="BytesPerSample">Bytes a sample; 0 for a method that goes row by row.</param>
/// <param name="BytesPerThread">What a network on tiles of its own takes for each thread; 0 without one.</param>
/// <param name="TileSide">Side of those tiles.</param>
public sealed record MethodMemory(int BytesPerSample, long BytesPerThread = 0, int TileSide = 1)
{
    /// <summary>A filter that goes row by row.</summary>
    public static MethodMemory RowByRow { get; } = new(BytesPerSample: 0);

    /// <summary>A network with skips (ModelOutput).</summary>
    public static MethodMemory OfModel { get; } = new(BytesPerSample: 0, BytesPerThread: 270L << 20, TileSide: 384);

    /// <summary>A method with the prior's network in it (PriorOutput).</summary>
    internal static MethodMemory OfPrior(int bytesPerSample) =>
        new(bytesPerSample, BytesPerThread: 75L << 20, TileSide: 256);

    /// <summary>On how many tiles of its own a network works, of a page of this size; 1 without one.</summary>
    public long TilesOf(int width, int height) => BytesPerThread == 0
        ? 1
        : (width + TileSide - 1) / TileSide * (long)((height + TileSide - 1) / TileSide);
}
