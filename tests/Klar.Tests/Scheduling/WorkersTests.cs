using Klar.Scheduling;

namespace Klar.Tests.Scheduling;

public sealed class WorkersTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(8)]
    public void Every_item_is_done_once_run_after_run(int threads)
    {
        var workers = new Workers(threads);
        for (int round = 0; round < 200; round++)
        {
            var work = new Counting(100);
            workers.Run(work, 100, CancellationToken.None);
            Assert.All(work.Done, static times => Assert.Equal(1, times));
        }
    }

    [Fact]
    public void An_exception_reaches_the_caller_and_the_workers_can_be_used_again()
    {
        var workers = new Workers(4);
        Assert.Throws<InvalidDataException>(() => workers.Run(new Failing(), 50, CancellationToken.None));
        var work = new Counting(10);
        workers.Run(work, 10, CancellationToken.None);
        Assert.All(work.Done, static times => Assert.Equal(1, times));
    }

    [Fact]
    public void Cancelling_throws_and_begins_no_further_item()
    {
        using var source = new CancellationTokenSource();
        var work = new Cancelling(source);
        Assert.Throws<OperationCanceledException>(() => new Workers(2).Run(work, 1000, source.Token));
        Assert.InRange(work.Begun, 1, 10);
    }

    [Fact]
    public void A_busy_pool_cannot_stop_the_caller()
    {
        var hold = new ManualResetEventSlim(); // not disposed: the pool's threads leave it when they like
        for (int i = 0; i < 4 * Environment.ProcessorCount; i++)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static gate => gate.Wait(), hold, preferLocal: false);
        }

        var work = new Counting(50);
        new Workers(3).Run(work, 50, CancellationToken.None);
        Assert.All(work.Done, static times => Assert.Equal(1, times));
        hold.Set();
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 64)] // work items of the pool's
    public void A_run_allocates_nothing_of_its_own(int threads, long bytesPerRun)
    {
        var workers = new Workers(threads);
        var work = new Counting(16);
        workers.Run(work, 16, CancellationToken.None);

        // The least of several rounds: the pool's queue grows by segments of up to 16 kB.
        Assert.InRange(Enumerable.Range(0, 5).Min(_ => Allocated()), 0, 100 * bytesPerRun);

        long Allocated()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 100; i++)
            {
                workers.Run(work, 16, CancellationToken.None);
            }

            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }

    [Fact]
    public void Fractions_of_bands_never_go_back()
    {
        var heard = new List<double>();
        Bands.ForEach(1000, 4, static (_, _) => { }, heard.Add, CancellationToken.None);
        Assert.Equal(heard.Order(), heard);
        Assert.Equal(1, heard[^1]);
    }

    private sealed class Counting(int items) : IWork
    {
        public int[] Done { get; } = new int[items];

        public void Run(int item, int worker) => Interlocked.Increment(ref Done[item]);
    }

    private sealed class Failing : IWork
    {
        public void Run(int item, int worker)
        {
            if (item == 7)
            {
                throw new InvalidDataException("seven");
            }
        }
    }

    private sealed class Cancelling(CancellationTokenSource source) : IWork
    {
        private int _begun;

        public int Begun => _begun;

        public void Run(int item, int worker)
        {
            Interlocked.Increment(ref _begun);
            source.Cancel();
        }
    }
}
