namespace Klar.Cli;

/// <summary>
/// Standard error as a stream that never fails: what cannot be written is dropped. Standard output drops what is
/// written to it only if it is closed; on a full disk a result that was asked for is lost, and this is a failure.
/// </summary>
/// <param name="stream">Where it goes.</param>
/// <param name="dropsAll">Whether nothing is a failure.</param>
internal sealed class MessageStream(Stream stream, bool dropsAll) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>What is said where standard output takes nothing.</summary>
    public static IOException Undelivered(Exception failure)
    {
        string reason = failure is UnauthorizedAccessException ? "it is closed" : Outcome.OneLine(failure);
        return new IOException($"standard output cannot be written: {reason}", failure);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count)
    {
        try
        {
            stream.Write(buffer, offset, count);
        }
        catch (Exception failure) when (failure is UnauthorizedAccessException or ObjectDisposedException)
        {
            // It is closed: nobody listens.
        }
        catch (IOException failure)
        {
            if (!dropsAll)
            {
                throw Undelivered(failure);
            }
        }
    }
}
