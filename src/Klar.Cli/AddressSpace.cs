using System.Globalization;
using Klar.Formats.Denoising;

namespace Klar.Cli;

/// <summary>
/// The limit of <c>ulimit -v</c>. Below what the program and libvips reserve, libraries are not found or end the
/// process with a stack trace, wherever they happen to be: a line says so before anything starts.
/// </summary>
internal static class AddressSpace
{
    // Measured: 2.0 GB ends in libvips' modules, 2.3 GB runs by itself, and below a test host 3 GB is too little for
    // the heap of .NET.
    private const long Needed = 4096L << 20;

    private const string Limits = "/proc/self/limits";

    /// <exception cref="UserErrorException">There is too little.</exception>
    public static void Refuse()
    {
        if (File.Exists(Limits) && Limit(File.ReadLines(Limits)) is { } limit && limit < Needed)
        {
            string text = $"the address space is limited to {MemoryPlan.Text(limit)} (ulimit -v), and Klar reserves "
                + $"{MemoryPlan.Text(Needed)}, most of which it never uses: --max-memory limits what it takes";
            throw new UserErrorException(ExitCode.Failed, text);
        }
    }

    /// <summary>The soft limit in bytes; null where there is none.</summary>
    internal static long? Limit(IEnumerable<string> lines)
    {
        const string Name = "Max address space";
        string? line = lines.FirstOrDefault(static line => line.StartsWith(Name, StringComparison.Ordinal));
        string soft =
            line?[Name.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? string.Empty;
        return long.TryParse(soft, NumberStyles.None, CultureInfo.InvariantCulture, out long bytes) ? bytes : null;
    }
}
