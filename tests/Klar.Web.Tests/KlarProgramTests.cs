using System.Text;
using Klar.Tests.Support;
using Klar.Web.Programs;

namespace Klar.Web.Tests;

/// <summary>Programs that crash, hang or talk too much, in the place of klar.</summary>
public sealed class KlarProgramTests
{
    [Fact]
    public async Task A_crash_is_a_line()
    {
        KlarProgram.Ended ended = await Shell("kill -SEGV $$").Run([], "/", null, Stream.Null, default);
        Assert.Equal((139, "klar was ended by signal 11"), (ended.Code, ended.Reason));
    }

    [Fact]
    public async Task The_last_line_that_klar_says_is_the_reason()
    {
        KlarProgram.Ended ended = await Shell("echo 'klar: first' >&2; echo other >&2; echo 'klar: x.tif: no such "
            + "file' >&2; exit 1").Run([], "/", null, Stream.Null, default);
        Assert.Equal((1, "x.tif: no such file"), (ended.Code, ended.Reason));
    }

    [Fact]
    public async Task Much_output_and_many_lines_come_through()
    {
        using var output = new MemoryStream();
        var lines = new List<string>();
        KlarProgram.Ended ended = await Shell("i=0; while [ $i -lt 3000 ]; do echo \"{\\\"n\\\":$i}\" >&2; "
            + "i=$((i+1)); done; head -c 3000000 /dev/zero").Run([], "/", lines.Add, output, default);
        Assert.Equal((0, 3_000_000, 3000, "{\"n\":2999}"), (ended.Code, (int)output.Length, lines.Count, lines[^1]));
    }

    [Fact]
    public async Task One_that_does_not_listen_is_ended_after_a_while()
    {
        using var folder = new TemporaryFolder();
        using var cancel = new CancellationTokenSource();
        Task<KlarProgram.Ended> run = Shell("echo '{}' >&2; exec sleep 600")
            .Run([], folder.Path, _ => cancel.Cancel(), Stream.Null, cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => run.WaitAsync(TimeSpan.FromMinutes(3))); // it sleeps for ten
    }

    [Fact]
    public async Task One_whose_reader_is_gone_is_ended()
    {
        await Assert.ThrowsAsync<IOException>(() => Shell("cat /dev/zero").Run([], "/", null, new Broken(), default));
    }

    private static KlarProgram Shell(string script) => new(["/bin/bash", "-c", script, "klar"]);

    private sealed class Broken : MemoryStream
    {
        public override ValueTask WriteAsync(
            ReadOnlyMemory<byte> buffer,
            CancellationToken cancellationToken = default) => throw new IOException("nobody reads");

        public override void Write(ReadOnlySpan<byte> buffer) =>
            throw new IOException(Encoding.UTF8.GetString("nobody reads"u8));
    }
}
