using System.Runtime.InteropServices;

namespace Klar.Tests.Support;

/// <summary>
/// Floats that end at a page which may not be touched: reading or writing one too many kills the test host at once.
/// </summary>
internal sealed unsafe partial class FencedBuffer : IDisposable
{
    private const int Page = 4096;
    private readonly byte* _start;
    private readonly nuint _size;

    public FencedBuffer(int length)
    {
        int bytes = length * sizeof(float);
        int pages = ((bytes + Page - 1) / Page) + 1;
        _size = (nuint)(pages * Page);
        nint memory = Map(0, _size, 3, 0x22, -1, 0);
        Assert.NotEqual(-1, memory);
        _start = (byte*)memory;
        Assert.Equal(0, Protect((nint)(_start + _size - Page), Page, 0));
        Length = length;
        First = (float*)(_start + _size - Page - bytes);
    }

    public FencedBuffer(ReadOnlySpan<float> values)
        : this(values.Length) => values.CopyTo(Span);

    public Span<float> Span => new(First, Length);

    private int Length { get; }

    private float* First { get; }

    public void Dispose() => Assert.Equal(0, Unmap((nint)_start, _size));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint length);
}
