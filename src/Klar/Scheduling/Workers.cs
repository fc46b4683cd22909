using System.Runtime.ExceptionServices;

namespace Klar.Scheduling;

/// <summary>
/// The one place that uses threads: the caller's own and helpers from the thread pool, which take items one by one.
/// A call allocates nothing, so that a training step can be such a call.
/// </summary>
internal sealed class Workers
{
    private readonly Helper[] _helpers;
    private IWork? _work;
    private CancellationToken _cancel;
    private int _count;
    private int _next;
    private ExceptionDispatchInfo? _failure;

    public Workers(int threads)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(threads);
        _helpers = new Helper[threads - 1];
        for (int i = 0; i < _helpers.Length; i++)
        {
            _helpers[i] = new Helper(this, i + 1);
        }
    }

    /// <summary>How many workers there are; their numbers run from 0.</summary>
    public int Count => _helpers.Length + 1;

    /// <summary>Runs items 0..<paramref name="count"/> and returns when all are done.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; no item is running any more.</exception>
    public void Run(IWork work, int count, CancellationToken cancel)
    {
        (_work, _count, _cancel, _failure, _next) = (work, count, cancel, null, -1);
        int helping = Math.Min(_helpers.Length, count - 1);
        for (int i = 0; i < helping; i++)
        {
            _helpers[i].Queue();
        }

        TakeItems(worker: 0);
        for (int i = 0; i < helping; i++)
        {
            _helpers[i].WithdrawOrWait();
        }

        _work = null;
        _failure?.Throw();
        cancel.ThrowIfCancellationRequested();
    }

    private void TakeItems(int worker)
    {
        try
        {
            while (!_cancel.IsCancellationRequested)
            {
                int item = Interlocked.Increment(ref _next);
                if (item >= _count)
                {
                    return;
                }

                _work!.Run(item, worker);
            }
        }
        catch (Exception failure)
        {
            // Passed to the caller by Run; the items left are not begun.
            Interlocked.CompareExchange(ref _failure, ExceptionDispatchInfo.Capture(failure), null);
            Interlocked.Exchange(ref _next, _count);
        }
    }

    private sealed class Helper(Workers workers, int number) : IThreadPoolWorkItem
    {
        private const int Idle = 0, Queued = 1, Running = 2;
        private int _state;

        public void Queue()
        {
            Volatile.Write(ref _state, Queued);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }

        public void Execute()
        {
            // An entry that was withdrawn may still lie in the pool's queue: it finds nothing to do.
            if (Interlocked.CompareExchange(ref _state, Running, Queued) == Queued)
            {
                workers.TakeItems(number);
                Volatile.Write(ref _state, Idle);
            }
        }

        /// <summary>A busy pool may never have begun this helper; then there is nothing to wait for.</summary>
        public void WithdrawOrWait()
        {
            if (Interlocked.CompareExchange(ref _state, Idle, Queued) == Queued)
            {
                return;
            }

            var wait = default(SpinWait);
            while (Volatile.Read(ref _state) != Idle)
            {
                wait.SpinOnce(sleep1Threshold: -1);
            }
        }
    }
}
