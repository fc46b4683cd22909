namespace Klar.Cli;

/// <summary>What the program tells the shell.</summary>
internal enum ExitCode
{
    /// <summary>Everything was done.</summary>
    Done = 0,

    /// <summary>All files failed, or the program itself did.</summary>
    Failed = 1,

    /// <summary>The command line makes no sense.</summary>
    WrongUsage = 2,

    /// <summary>Some files failed.</summary>
    SomeFilesFailed = 3,

    /// <summary>A folder or pattern held no image.</summary>
    NoInput = 4,

    /// <summary>An output exists and was not to be overwritten.</summary>
    OutputExists = 5,

    /// <summary>Ctrl-C.</summary>
    Interrupted = 130,

    /// <summary>SIGTERM.</summary>
    Terminated = 143,
}
