using System.Net;

namespace Klar.Web;

/// <summary>How the page is served.</summary>
public sealed record ServerSettings
{
    /// <summary>
    /// The <c>klar</c> program, and what goes before a command on its command line: images are only ever opened by
    /// processes of their own.
    /// </summary>
    public required IReadOnlyList<string> Program { get; init; }

    /// <summary>Where uploads, results and the list of jobs are kept.</summary>
    public required string State { get; init; }

    /// <summary>Klar's version.</summary>
    public required string Version { get; init; }

    /// <summary>The port; 0 for a free one.</summary>
    public int Port { get; init; } = 5080;

    /// <summary>Another address than this machine's own; whoever comes from there needs a token.</summary>
    public IPAddress? Listen { get; init; }

    /// <summary>Folders whose files may be opened, and no others.</summary>
    public IReadOnlyList<string> Roots { get; init; } = [];

    /// <summary>Threads of a job.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Bytes of an upload, at most.</summary>
    public long MaxUpload { get; init; } = 8L << 30;

    /// <summary>Uploads that are kept, at most.</summary>
    public int MaxFiles { get; init; } = 1000;
}
