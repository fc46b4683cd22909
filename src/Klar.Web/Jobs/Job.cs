namespace Klar.Web.Jobs;

/// <summary>A piece of work: what was asked for, and what has become of it.</summary>
internal sealed record Job
{
    /// <summary>Its number, in the order of asking.</summary>
    public required long Id { get; init; }

    /// <summary>Denoise one file, or compare methods on it.</summary>
    public required JobKind Kind { get; init; }

    /// <summary>The file.</summary>
    public required string FileId { get; init; }

    /// <summary>Its name.</summary>
    public required string FileName { get; init; }

    /// <summary>What was asked for.</summary>
    public required JobSettings Settings { get; init; }

    /// <summary>The same as a command.</summary>
    public required string Command { get; init; }

    public required DateTimeOffset Created { get; init; }

    public JobState State { get; init; } = JobState.Queued;

    public DateTimeOffset? Started { get; init; }

    /// <summary>Wall time; null before its end.</summary>
    public double? Seconds { get; init; }

    /// <summary>0 to 1; it never goes back.</summary>
    public double Fraction { get; init; }

    /// <summary>What it is at.</summary>
    public string Stage { get; init => field = value ?? string.Empty; } = string.Empty;

    /// <summary>What went wrong, a line.</summary>
    public string? Failure { get; init; }

    /// <summary>Whether it goes on where it stopped.</summary>
    public bool Resumes { get; init; }

    /// <summary>The files that it made.</summary>
    public IReadOnlyList<JobResult> Results { get; init => field = value ?? []; } = [];

    /// <summary>
    /// How the result was made, and what is to be thought of it: the document that stands beside every result.
    /// </summary>
    public System.Text.Json.JsonElement? Sidecar { get; init; }

    /// <summary>Rows of a comparison, as they come.</summary>
    public IReadOnlyList<System.Text.Json.JsonElement> Rows { get; init => field = value ?? []; } = [];

    /// <summary>Whether nothing will change any more by itself.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasEnded => State is not (JobState.Queued or JobState.Running);
}

/// <summary>Kinds of jobs.</summary>
internal enum JobKind
{
    Denoise,
    Compare,
}

/// <summary>What has become of a job.</summary>
internal enum JobState
{
    /// <summary>Others are before it.</summary>
    Queued,

    Running,

    Done,

    /// <summary>It could not be done; <see cref="Job.Failure"/> says why.</summary>
    Failed,

    /// <summary>The user ended it.</summary>
    Cancelled,

    /// <summary>The server ended before it did.</summary>
    CutOff,
}

/// <summary>A file that a job made.</summary>
/// <param name="Role">result, residual, uncertainty, report, sidecar, table, figure, or image.</param>
/// <param name="Name">Its name.</param>
/// <param name="FileId">The file.</param>
/// <param name="Size">Bytes.</param>
internal sealed record JobResult(string Role, string Name, string FileId, long Size);
