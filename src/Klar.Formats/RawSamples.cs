using System.Runtime.InteropServices;

namespace Klar.Formats;

/// <summary>
/// Samples as a file stores them, channels interleaved, and their map to and from planes. A sample that was not changed
/// goes back as the very value that was read, also where a 32-bit float cannot hold it.
/// </summary>
internal sealed class RawSamples(byte[] bytes, SampleType type, int channels)
{
    // Samples between two looks at whether the caller still wants them.
    private const int Chunk = 1 << 20;

    // Of floats this share at either end is left out of the range, and so many samples tell it.
    private const double OutlierShare = 0.002;
    private const int SamplesOfRange = 200_000;

    /// <summary>The samples' memory, interleaved.</summary>
    public byte[] Bytes => bytes;

    /// <summary>Channels, transparency included.</summary>
    public int Channels => channels;

    /// <summary>
    /// The scale of a file's samples: 0..255 for 8 bits, their own range for other whole numbers; of floats 0..1 where
    /// they lie there with some noise, else their own range without outliers.
    /// </summary>
    /// <param name="type">The samples' type.</param>
    /// <param name="least">What <see cref="Range"/> says of all pages.</param>
    /// <param name="most">The same.</param>
    public static SampleScale ScaleOf(SampleType type, double least, double most)
    {
        if (type == SampleType.UInt8)
        {
            return SampleScale.EightBit;
        }

        return type is SampleType.Float32 or SampleType.Float64
            ? SampleScale.OfFloats(least, most)
            : least <= most ? SampleScale.OfIntegers(least, most) : SampleScale.OfIntegers(0, 0);
    }

    /// <summary>
    /// The least and the greatest finite value of the first <paramref name="colours"/> channels, of floats without
    /// outliers; the least above the greatest where there is none.
    /// </summary>
    public (double Least, double Most) Range(int colours) => type switch
    {
        SampleType.UInt8 => (0, 255),
        SampleType.Int8 => RangeOf<sbyte>(colours),
        SampleType.UInt16 => RangeOf<ushort>(colours),
        SampleType.Int16 => RangeOf<short>(colours),
        SampleType.UInt32 => RangeOf<uint>(colours),
        SampleType.Int32 => RangeOf<int>(colours),
        SampleType.Float32 => RobustRangeOf<float>(colours),
        _ => RobustRangeOf<double>(colours),
    };

    /// <summary>The first <paramref name="colours"/> channels as planes.</summary>
    public Plane[] ToPlanes(
        int width, int height, int colours, SampleScale scale, CancellationToken cancel = default)
    {
        var planes = new Plane[colours];
        for (int c = 0; c < colours; c++)
        {
            planes[c] = Plane.Create(
                width, height, (Raw: this, Channel: c, Scale: scale, Cancel: cancel), static (to, from) =>
                {
                    for (int at = 0; at < to.Length; at += Chunk)
                    {
                        from.Cancel.ThrowIfCancellationRequested();
                        from.Raw.Read(from.Channel, from.Scale, at, to.Slice(at, Math.Min(Chunk, to.Length - at)));
                    }
                });
        }

        return planes;
    }

    /// <summary>One of its channels.</summary>
    public RawSamples Channel(int number)
    {
        if (channels == 1)
        {
            return this;
        }

        int size = ImageFile.SizeOf(type);
        byte[] one = new byte[bytes.Length / channels];
        for (int from = number * size, to = 0; to < one.Length; from += channels * size, to += size)
        {
            bytes.AsSpan(from, size).CopyTo(one.AsSpan(to));
        }

        return new RawSamples(one, type, 1);
    }

    /// <summary>The same memory with channels behind each other.</summary>
    public byte[] Planar(int pixels) => Reordered(bytes, pixels, channels, ImageFile.SizeOf(type), planar: true);

    /// <summary>Channels that stand behind each other pixel by pixel.</summary>
    public static byte[] Interleaved(byte[] planes, int pixels, int channels, int size) =>
        Reordered(planes, pixels, channels, size, planar: false);

    /// <summary>A rectangle of a page that is <paramref name="pageWidth"/> wide.</summary>
    public RawSamples Part(int pageWidth, int x, int y, int width, int height)
    {
        int pixel = channels * ImageFile.SizeOf(type), row = width * pixel;
        byte[] part = new byte[(long)height * row];
        for (int i = 0; i < height; i++)
        {
            bytes.AsSpan(checked((((y + i) * pageWidth) + x) * pixel), row).CopyTo(part.AsSpan(i * row));
        }

        return new RawSamples(part, type, channels);
    }

    /// <summary>Whether they are bytes that are all 0 or 255, as single bits are read.</summary>
    public bool AreBlackOrWhite =>
        type == SampleType.UInt8 && channels == 1 && bytes.AsSpan().IndexOfAnyExcept((byte)0, (byte)255) < 0;

    /// <summary>Unsigned samples of 8 and 16 bits with white for black; others as they are.</summary>
    public RawSamples Inverted()
    {
        bool inverts = type is SampleType.UInt8 or SampleType.UInt16;
        return inverts ? Replaced([.. bytes.Select(static part => (byte)~part)]) : this;
    }

    /// <summary>
    /// CIELAB's a and b, which TIFF stores as numbers with a sign beside an L without one: shifted by half of the
    /// range, so that 0 is in the middle; and back.
    /// </summary>
    public RawSamples WithOtherSigns()
    {
        int size = ImageFile.SizeOf(type);
        byte[] shifted = (byte[])bytes.Clone();
        for (int i = 0; i < bytes.Length && type is SampleType.UInt8 or SampleType.UInt16; i += size)
        {
            shifted[i + (BitConverter.IsLittleEndian ? size - 1 : 0)] ^=
                (byte)(i / size % channels is 1 or 2 ? 0x80 : 0);
        }

        return Replaced(shifted);
    }

    /// <summary>The same values in another type, rounded and clipped where that is coarser.</summary>
    public RawSamples As(SampleType wanted) => wanted == type ? this : type switch
    {
        SampleType.UInt8 => As<byte>(wanted),
        SampleType.Int8 => As<sbyte>(wanted),
        SampleType.UInt16 => As<ushort>(wanted),
        SampleType.Int16 => As<short>(wanted),
        SampleType.UInt32 => As<uint>(wanted),
        SampleType.Int32 => As<int>(wanted),
        SampleType.Float32 => As<float>(wanted),
        _ => As<double>(wanted),
    };

    /// <summary>Other samples of the same kind.</summary>
    public RawSamples Replaced(byte[] by) => new(by, type, channels);

    /// <summary>
    /// Samples of a file from <paramref name="planes"/>; where these hold what this memory held, its own values. The
    /// count says how many samples were clipped to the type's range.
    /// </summary>
    public (RawSamples Samples, long Clipped) With(
        IReadOnlyList<Plane> planes, SampleScale scale, CancellationToken cancel = default) =>
        type switch
        {
            SampleType.UInt8 => Replace<byte>(planes, scale, cancel),
            SampleType.Int8 => Replace<sbyte>(planes, scale, cancel),
            SampleType.UInt16 => Replace<ushort>(planes, scale, cancel),
            SampleType.Int16 => Replace<short>(planes, scale, cancel),
            SampleType.UInt32 => Replace<uint>(planes, scale, cancel),
            SampleType.Int32 => Replace<int>(planes, scale, cancel),
            SampleType.Float32 => Replace<float>(planes, scale, cancel),
            _ => Replace<double>(planes, scale, cancel),
        };

    private RawSamples As<TFrom>(SampleType wanted)
        where TFrom : unmanaged, System.Numerics.INumber<TFrom> => wanted switch
        {
            SampleType.UInt16 => As<TFrom, ushort>(wanted),
            SampleType.Float32 => As<TFrom, float>(wanted),
            _ => throw new ArgumentOutOfRangeException(
                nameof(wanted), wanted, "Samples become 16-bit whole numbers or 32-bit floats."),
        };

    private RawSamples As<TFrom, TTo>(SampleType wanted)
        where TFrom : unmanaged, System.Numerics.INumber<TFrom>
        where TTo : unmanaged, System.Numerics.INumber<TTo>
    {
        ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(bytes);
        byte[] converted = new byte[(long)from.Length * ImageFile.SizeOf(wanted)];
        Span<TTo> to = MemoryMarshal.Cast<byte, TTo>(converted.AsSpan());
        for (int i = 0; i < from.Length; i++)
        {
            double value = double.CreateChecked(from[i]);
            to[i] = TTo.CreateSaturating(wanted == SampleType.UInt16 ? Math.Round(value) : value);
        }

        return new RawSamples(converted, wanted, channels);
    }

    private static byte[] Reordered(byte[] from, int pixels, int channels, int size, bool planar)
    {
        byte[] result = new byte[from.Length];
        for (int c = 0; c < channels; c++)
        {
            for (int i = 0; i < pixels; i++)
            {
                (int behind, int beside) = (((c * pixels) + i) * size, ((i * channels) + c) * size);
                from.AsSpan(planar ? beside : behind, size).CopyTo(result.AsSpan(planar ? behind : beside));
            }
        }

        return result;
    }

    private void Read(int channel, SampleScale scale, int first, Span<float> to)
    {
        switch (type)
        {
            case SampleType.UInt8: Read<byte>(channel, scale, first, to); break;
            case SampleType.Int8: Read<sbyte>(channel, scale, first, to); break;
            case SampleType.UInt16: Read<ushort>(channel, scale, first, to); break;
            case SampleType.Int16: Read<short>(channel, scale, first, to); break;
            case SampleType.UInt32: Read<uint>(channel, scale, first, to); break;
            case SampleType.Int32: Read<int>(channel, scale, first, to); break;
            case SampleType.Float32: Read<float>(channel, scale, first, to); break;
            default: Read<double>(channel, scale, first, to); break;
        }
    }

    private void Read<T>(int channel, SampleScale scale, int first, Span<float> to)
        where T : unmanaged, System.Numerics.INumber<T>
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(bytes);
        for (int i = 0; i < to.Length; i++)
        {
            to[i] = ToSample(from[((first + i) * channels) + channel], scale);
        }
    }

    private static float ToSample<T>(T value, SampleScale scale)
        where T : unmanaged, System.Numerics.INumber<T> =>
        (float)((double.CreateChecked(value) - scale.Black) / scale.Range);

    private (double Least, double Most) RangeOf<T>(int colours)
        where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T>
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(bytes);
        T least = T.MaxValue;
        T most = T.MinValue;
        for (int i = 0; i < from.Length; i++)
        {
            if (i % channels < colours && T.IsFinite(from[i]))
            {
                least = T.Min(least, from[i]);
                most = T.Max(most, from[i]);
            }
        }

        return (double.CreateChecked(least), double.CreateChecked(most));
    }

    private (double Least, double Most) RobustRangeOf<T>(int colours)
        where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T>
    {
        ReadOnlySpan<T> from = MemoryMarshal.Cast<byte, T>(bytes);
        int step = (from.Length / SamplesOfRange) | 1; // odd, so that not always the same columns are taken
        var some = new List<T>();
        for (int i = 0; i < from.Length; i += step)
        {
            if (i % channels < colours && T.IsFinite(from[i]))
            {
                some.Add(from[i]);
            }
        }

        int edge = (int)(OutlierShare * some.Count);
        some.Sort();
        (double least, double most) = some.Count == 0
            ? RangeOf<T>(colours)
            : (double.CreateChecked(some[edge]), double.CreateChecked(some[^(1 + edge)]));

        // A picture that is one value but for a few samples has these for its range.
        return least < most ? (least, most) : RangeOf<T>(colours);
    }

    private (RawSamples Samples, long Clipped) Replace<T>(
        IReadOnlyList<Plane> planes, SampleScale scale, CancellationToken cancel)
        where T : unmanaged, System.Numerics.INumber<T>, System.Numerics.IMinMaxValue<T>
    {
        byte[] replaced = (byte[])bytes.Clone();
        Span<T> values = MemoryMarshal.Cast<byte, T>(replaced.AsSpan());
        bool whole = type is not (SampleType.Float32 or SampleType.Float64);
        double least = double.CreateChecked(T.MinValue);
        double most = double.CreateChecked(T.MaxValue);
        long clipped = 0;
        for (int c = 0; c < planes.Count; c++)
        {
            ReadOnlySpan<float> samples = planes[c].Samples;
            for (int i = 0; i < samples.Length; i++)
            {
                if (i % Chunk == 0)
                {
                    cancel.ThrowIfCancellationRequested();
                }

                ref T value = ref values[(i * channels) + c];
                if (samples[i].Equals(ToSample(value, scale)))
                {
                    continue;
                }

                double wanted = scale.Black + (samples[i] * scale.Range);
                wanted = whole ? Math.Round(wanted) : wanted;
                double kept = !whole && double.IsInfinity(wanted) ? wanted : Math.Clamp(wanted, least, most);
                clipped += kept != wanted ? 1 : 0;
                value = T.CreateSaturating(kept);
            }
        }

        return (new RawSamples(replaced, type, channels), clipped);
    }
}
