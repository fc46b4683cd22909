using Klar.Cli.Batch;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

public sealed class FileLockTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_many_that_take_and_release_it_one_holds_it()
    {
        const int Rounds = 200;
        int holders = 0, taken = 0;
        Parallel.For(0, 4, _ =>
        {
            for (int i = 0; i < Rounds; i++)
            {
                using FileLock? own = FileLock.Take(_folder["x.tif"], out string owner);
                if (own is null)
                {
                    Assert.NotEqual(string.Empty, owner);
                    continue;
                }

                Assert.Equal(1, Interlocked.Increment(ref holders));
                Interlocked.Increment(ref taken);
                Interlocked.Decrement(ref holders);
            }
        });
        Assert.InRange(taken, 1, 4 * Rounds);
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void The_loser_learns_who_has_it_and_gets_it_afterwards()
    {
        using (FileLock? first = FileLock.Take(_folder["x.tif"], out _))
        {
            Assert.NotNull(first);
            Assert.Null(FileLock.Take(_folder["x.tif"], out string owner));
            Assert.Contains($"process {Environment.ProcessId}", owner, StringComparison.Ordinal);
        }

        using FileLock? second = FileLock.Take(_folder["x.tif"], out _);
        Assert.NotNull(second);
    }

    [Fact]
    public void A_folder_that_is_gone_by_the_end_is_no_failure()
    {
        Directory.CreateDirectory(_folder["out"]);
        using FileLock? own = FileLock.Take(_folder["out/x.tif"], out _);
        Directory.Delete(_folder["out"], recursive: true);
    }
}
