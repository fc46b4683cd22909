using System.Globalization;

namespace Klar.Formats.Denoising;

/// <summary>Memory that this process may have.</summary>
internal static class MachineMemory
{
    private const string State = "/proc/meminfo";

    // Code and libraries: measured, as what a process has beyond its heap's limit.
    private const long OutsideHeap = 96L << 20;

    /// <summary>What the machine, or a limit that was set for the process, leaves it at most.</summary>
    public static long Limit { get; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>What it can have now, with what it has already, since others use some of it too.</summary>
    public static long Available => File.Exists(State) && Free(File.ReadLines(State)) is { } free
        ? Math.Min(Limit, free + Environment.WorkingSet)
        : Limit;

    /// <summary>
    /// Keeps this process within so much: without a limit the heap grows, as long as the machine has memory, before the
    /// collector looks for what is not used any more.
    /// </summary>
    public static void KeepWithin(long bytes)
    {
        AppContext.SetData("GCHeapHardLimit", (ulong)Math.Max(bytes - OutsideHeap, bytes / 2));
        GC.RefreshMemoryLimit();
    }

    /// <summary>Bytes that the system can give without taking them from others; null where it does not say.</summary>
    internal static long? Free(IEnumerable<string> lines)
    {
        lines = [.. lines];
        long?[] parts = [.. ((string[])["MemAvailable:", "SwapFree:"]).Select(name => Kilobytes(lines, name))];
        return parts[0] is { } available ? (available + (parts[1] ?? 0)) << 10 : null;
    }

    private static long? Kilobytes(IEnumerable<string> lines, string name)
    {
        string? line = lines.FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
        string number = line?[name.Length..].Replace("kB", string.Empty, StringComparison.Ordinal) ?? string.Empty;
        return long.TryParse(number.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out long kilobytes)
            ? kilobytes
            : null;
    }
}
