using System.Diagnostics;
using System.Globalization;

namespace Klar.Cli.Tests;

/// <summary>The most memory a process had.</summary>
internal static class PeakMemory
{
    /// <summary>
    /// Waits for the process; returns the most bytes it had in memory at a time, 0 if it was too quick to look at.
    /// </summary>
    public static long Of(Process process, int milliseconds = 600_000)
    {
        long most = 0;
        var watch = Stopwatch.StartNew();
        while (!process.WaitForExit(10) && watch.ElapsedMilliseconds < milliseconds)
        {
            try
            {
                string? line = File.ReadLines($"/proc/{process.Id}/status").FirstOrDefault(
                    static line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
                most = line is null ? most : Math.Max(most, 1024 * long.Parse(
                    line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture));
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // It has just ended.
            }
        }

        return most;
    }
}
