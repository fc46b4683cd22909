namespace Klar.Formats;

/// <summary>A file that cannot be read or written as an image; the message is one line that says why.</summary>
public sealed class BadImageFileException : IOException
{
    /// <summary>A failure to read or write an image file, in one line.</summary>
    public BadImageFileException(string message)
        : base(message)
    {
    }

    /// <summary>A failure to read or write an image file, in one line, and what brought it about.</summary>
    public BadImageFileException(string message, Exception inner)
        : base(message, inner)
    {
    }

    /// <summary>A failure to read or write an image file.</summary>
    public BadImageFileException()
        : base("the file is not a usable image")
    {
    }
}
