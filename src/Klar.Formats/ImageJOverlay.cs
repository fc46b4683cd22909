using System.Buffers.Binary;

namespace Klar.Formats;

/// <summary>
/// A region that ImageJ draws over pages, as its RoiDecoder reads it: a header of 64 bytes, the high byte first, that
/// names a page, and a second one that names channel, slice and frame; from 1 on, 0 for all.
/// </summary>
internal static class ImageJOverlay
{
    private const int Position = 56;
    private const int SecondHeader = 60;
    private const int EndOfPlaces = 16;

    private static readonly (char Axis, int At)[] Places = [('C', 4), ('Z', 8), ('T', 12)];

    /// <summary>The region with the places that its pages come to stand at; null where they are left out.</summary>
    public static byte[]? Of(byte[] region, KeptPages kept)
    {
        byte[] moved = (byte[])region.Clone();
        if (region.Length < SecondHeader + 4 || !Moved(moved.AsSpan(Position), kept.PlaceOfPage))
        {
            return region.Length < SecondHeader + 4 ? moved : null;
        }

        int second = BinaryPrimitives.ReadInt32BigEndian(region.AsSpan(SecondHeader));
        if (second <= 0 || second + EndOfPlaces > region.Length)
        {
            return moved;
        }

        foreach ((char axis, int at) in Places)
        {
            List<int> places = [.. kept.Places(axis)];
            if (!Moved(moved.AsSpan(second + at), places.IndexOf))
            {
                return null;
            }
        }

        return moved;
    }

    private static bool Moved(Span<byte> bytes, Func<int, int> to)
    {
        int place = BinaryPrimitives.ReadInt32BigEndian(bytes);
        if (place <= 0)
        {
            return true;
        }

        int moved = to(place - 1);
        BinaryPrimitives.WriteInt32BigEndian(bytes, moved + 1);
        return moved >= 0;
    }
}
