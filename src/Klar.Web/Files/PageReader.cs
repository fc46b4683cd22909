using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Klar.Web.Programs;

namespace Klar.Web.Files;

/// <summary>
/// A process that keeps one file open and hands out its pages, so that a slice costs its decoding and not the start of
/// a program. What a file does to a decoder still does not happen to the server.
/// </summary>
internal sealed class PageReader : IDisposable
{
    private const int MaxHead = 1 << 16;

    private readonly Process _process;
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Task<string?> _failure;

    public PageReader(IReadOnlyList<string> program, StoredFile file, string folder)
    {
        string[] arguments = [.. program.Skip(1), "page", file.Path, "--stdin", .. file.SceneArguments];
        _process = Process.Start(new ProcessStartInfo(program[0], arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        }) ?? throw new InvalidOperationException($"{program[0]} does not start");
        _failure = KlarProgram.Errors(_process, null);
    }

    /// <summary>Whether it can be asked no more.</summary>
    public bool IsOver { get; private set; }

    /// <summary>Sends the bytes of an answer to <paramref name="output"/>, which may go away on the way.</summary>
    /// <returns>How it went: code 0, 2 for a wrong request, or 1 with the reason.</returns>
    public async Task<KlarProgram.Ended> Ask(string request, Stream output, TimeSpan limit, CancellationToken cancel)
    {
        await _turn.WaitAsync(cancel).ConfigureAwait(false);
        using var end = new CancellationTokenSource(limit);
        try
        {
            return await Answer(request, output, end.Token, cancel).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            Kill();
            return new KlarProgram.Ended(1, $"it took more than {limit.TotalMinutes:F0} minutes");
        }
        catch (Exception failure) when (failure is IOException and not EndOfStreamException
            or ObjectDisposedException or InvalidOperationException)
        {
            return await Over().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => Kill();

    private async Task<KlarProgram.Ended> Answer(
        string request, Stream output, CancellationToken end, CancellationToken reader)
    {
        await _process.StandardInput.WriteLineAsync(request.AsMemory(), end).ConfigureAwait(false);
        await _process.StandardInput.FlushAsync(end).ConfigureAwait(false);
        Stream answers = _process.StandardOutput.BaseStream;
        if (await Head(answers, end).ConfigureAwait(false) is not { } head)
        {
            return await Over().ConfigureAwait(false);
        }

        // An answer that nobody waits for any more is read to its end all the same: the next one comes behind it.
        bool isWanted = true;
        byte[] chunk = new byte[Math.Clamp(head.Bytes, 1, 1 << 18)];
        for (long left = head.Bytes; left > 0;)
        {
            int read = await answers.ReadAsync(chunk.AsMemory(0, (int)Math.Min(chunk.Length, left)), end).ConfigureAwait(false);
            if (read == 0)
            {
                KlarProgram.Ended ended = await Over().ConfigureAwait(false);
                return left == head.Bytes ? ended : throw new EndOfStreamException(ended.Reason); // a part has been sent
            }

            left -= read;
            isWanted = isWanted && await Sent(output, chunk.AsMemory(0, read), reader).ConfigureAwait(false);
        }

        reader.ThrowIfCancellationRequested();
        return new KlarProgram.Ended(head.Error is null ? 0 : head.Usage ? 2 : 1, head.Error);
    }

    private static async Task<bool> Sent(Stream output, ReadOnlyMemory<byte> bytes, CancellationToken reader)
    {
        try
        {
            await output.WriteAsync(bytes, reader).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>The line before the bytes; null where the process has ended.</summary>
    private static async Task<AnswerHead?> Head(Stream answers, CancellationToken end)
    {
        var line = new MemoryStream();
        byte[] one = new byte[1];
        while (line.Length < MaxHead)
        {
            if (await answers.ReadAsync(one, end).ConfigureAwait(false) == 0)
            {
                return null;
            }

            if (one[0] == '\n')
            {
                return JsonSerializer.Deserialize(Encoding.UTF8.GetString(line.ToArray()), WebJson.Default.AnswerHead);
            }

            line.WriteByte(one[0]);
        }

        return null;
    }

    private async Task<KlarProgram.Ended> Over()
    {
        IsOver = true;
        if (!_process.HasExited)
        {
            _process.StandardInput.Close();
        }

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await _process.WaitForExitAsync(patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill();
            await _process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
        }

        int code = _process.ExitCode is 0 ? 1 : _process.ExitCode;
        return new KlarProgram.Ended(code, await _failure.ConfigureAwait(false));
    }

    private void Kill()
    {
        IsOver = true;
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }
    }
}

/// <summary>What <c>klar page --stdin</c> says before the bytes of an answer.</summary>
internal sealed record AnswerHead(long Bytes, string? Error, bool Usage);
