using System.Buffers.Binary;

namespace Klar.Cli.Tests;

/// <summary>What processor and system a native library or program is for, by the header of ELF, Mach-O or PE.</summary>
internal static class NativeFile
{
    private const ushort ElfX64 = 62;
    private const ushort ElfArm64 = 183;
    private const uint MachO64 = 0xFEEDFACF;
    private const uint MachOArm64 = 0x0100000C;
    private const uint CodeSignature = 0x1D;
    private const ushort PeX64 = 0x8664;
    private const int PeOffset = 0x3C;

    /// <summary>The platform in NuGet's words; null for what is no native code.</summary>
    public static string? PlatformOf(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        return bytes switch
        {
            [0x7F, (byte)'E', (byte)'L', (byte)'F', ..] => BitConverter.ToUInt16(bytes, 18) switch
            {
                ElfX64 => "linux-x64",
                ElfArm64 => "linux-arm64",
                var other => $"linux-{other}",
            },
            [0xCF, 0xFA, 0xED, 0xFE, ..] => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)) == MachOArm64
                ? "osx-arm64"
                : "osx-other",
            [(byte)'M', (byte)'Z', ..] => PlatformOfPe(bytes),
            _ => null,
        };
    }

    /// <summary>Whether a Mach-O file is signed, without which macOS on arm64 does not start it.</summary>
    public static bool IsSigned(string path)
    {
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(MachO64, BinaryPrimitives.ReadUInt32LittleEndian(bytes));
        uint commands = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(16));
        int at = 32;
        for (uint i = 0; i < commands; i++)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at)) == CodeSignature)
            {
                return true;
            }

            at += BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(at + 4));
        }

        return false;
    }

    // Managed assemblies are PE files too, with a header of the runtime's; compiled ahead, they name the platform's
    // processor by a code that is mixed with the system.
    private static string? PlatformOfPe(byte[] bytes)
    {
        int pe = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(PeOffset));
        bool isWide = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(pe + 24)) == 0x20B;
        int managed = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(pe + 24 + (isWide ? 112 : 96) + (14 * 8)));
        return managed != 0 ? null
            : BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(pe + 4)) == PeX64 ? "win-x64"
            : "win-other";
    }
}
