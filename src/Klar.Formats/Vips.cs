using NetVips;
using VipsImage = NetVips.Image;

namespace Klar.Formats;

/// <summary>The one door to libvips: starts it, keeps its messages off the terminal, words its errors.</summary>
internal static class Vips
{
    private static readonly Lazy<string?> Failure = new(Start);

    /// <summary>Starts libvips at the first call.</summary>
    /// <exception cref="DllNotFoundException">libvips cannot be loaded; the message says what to do.</exception>
    public static void Ensure()
    {
        if (Failure.Value is { } failure)
        {
            throw new DllNotFoundException(failure);
        }
    }

    /// <summary>The version of libvips, for example 8.18.7.</summary>
    public static string Version()
    {
        Ensure();
        return $"{NetVips.NetVips.Version(0)}.{NetVips.NetVips.Version(1)}.{NetVips.NetVips.Version(2)}";
    }

    /// <summary>Runs what computes an image's pixels. A cancelled token stops libvips on its way.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void Cancellable(VipsImage image, Action<VipsImage> compute, CancellationToken cancel) =>
        Cancellable(image, one => { compute(one); return true; }, cancel);

    /// <summary>Runs what computes an image's pixels. A cancelled token stops libvips on its way.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static T Cancellable<T>(VipsImage image, Func<VipsImage, T> compute, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        image.SetProgress(true);
        using CancellationTokenRegistration stop = cancel.Register(() => image.SetKill(true));
        try
        {
            return compute(image);
        }
        catch (VipsException) when (cancel.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancel);
        }
    }

    /// <summary>The first line of libvips' complaint that says something, without the operation's name.</summary>
    public static string Reason(VipsException failure)
    {
        string[] lines = failure.Message.Split(
            '\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string line = lines.Skip(1).FirstOrDefault(static text => !IsWarning(text))
            ?? lines.FirstOrDefault()
            ?? "libvips gave no reason";
        if (line.StartsWith("unable to call VipsForeignLoad", StringComparison.Ordinal))
        {
            string format =
                line["unable to call VipsForeignLoad".Length..].Replace("File", string.Empty, StringComparison.Ordinal);
            return $"damaged {format.ToUpperInvariant()} file: it cannot be decoded";
        }

        int colon = line.IndexOf(": ", StringComparison.Ordinal);
        bool isNamed = colon is > 0 and < 24 && !line[..colon].Contains(' ', StringComparison.Ordinal);
        string reason = isNamed ? line[(colon + 2)..] : line;
        return UnreadFormat.OfCompression(reason) ?? reason;
    }

    /// <summary>What libtiff says about tags that it skips.</summary>
    private static bool IsWarning(string line) =>
        line.Contains("Unknown field", StringComparison.Ordinal)
            || line.Contains("is not read from file", StringComparison.Ordinal);

    private static string? Start()
    {
        if (!ModuleInitializer.VipsInitialized)
        {
            return $"libvips, which ships with Klar, cannot be loaded from {AppContext.BaseDirectory}: install Klar "
                + "again (there are builds for Linux with glibc on x64 and arm64, macOS on arm64, Windows on x64)";
        }

        // Warnings of decoders go nowhere: what matters comes back as an error. Files may change between two reads.
        foreach (string domain in (string[])["VIPS", "GLib", "GLib-GObject"])
        {
            Log.SetLogHandler(domain, NetVips.Enums.LogLevelFlags.AllButFatal, static (_, _, _) => { });
        }

        Cache.Max = 0;
        return null;
    }
}
