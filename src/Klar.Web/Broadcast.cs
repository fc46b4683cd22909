using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Klar.Web.Jobs;

namespace Klar.Web;

/// <summary>Hands what happens to everybody who listens.</summary>
internal sealed class Broadcast
{
    private const int MaxWaiting = 256;

    private readonly ConcurrentDictionary<Channel<Notice>, bool> _listeners = new();

    /// <summary>Tells all listeners.</summary>
    public void Send(Notice notice)
    {
        foreach (Channel<Notice> listener in _listeners.Keys)
        {
            listener.Writer.TryWrite(notice);
        }
    }

    /// <summary>
    /// What is there now, then all that happens, until the listener goes; one that does not keep up misses the oldest.
    /// </summary>
    public async IAsyncEnumerable<Notice> Listen(
        Func<IEnumerable<Notice>> now, [EnumeratorCancellation] CancellationToken cancel)
    {
        var channel = Channel.CreateBounded<Notice>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
        _listeners[channel] = true;
        try
        {
            foreach (Notice notice in now())
            {
                yield return notice;
            }

            await foreach (Notice notice in channel.Reader.ReadAllAsync(cancel).ConfigureAwait(false))
            {
                yield return notice;
            }
        }
        finally
        {
            _listeners.TryRemove(channel, out _);
        }
    }
}

/// <summary>A job or a file as it is now, or the number of one that is gone.</summary>
internal sealed record Notice
{
    public Job? Job { get; init; }

    public long? RemovedJob { get; init; }

    public FileView? File { get; init; }

    public string? RemovedFile { get; init; }
}
