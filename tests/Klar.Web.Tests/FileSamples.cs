using System.Runtime.InteropServices;
using Klar.Formats;

namespace Klar.Web.Tests;

/// <summary>What a file of 16 bits really holds.</summary>
internal static class FileSamples
{
    public static ushort[] Of(string file, int page)
    {
        using var stack = ImageStack.Open(file);
        return MemoryMarshal
            .Cast<byte, ushort>(ViewSamples.Of(stack.Read(page), (0, 0, stack.Info.Width, stack.Info.Height)))
            .ToArray();
    }
}
