using Klar.Generated;
using Klar.Networks;
using Klar.Numerics;
using Klar.Scheduling;

namespace Klar.Prior;

/// <summary>
/// The crops of a training, as a function of seed and number: crop n is cut from one of the pictures that are around
/// picture n / 12, so that a picture is
/// seen about once and a batch's crops come from different ones. Pictures are made when they are first needed and
/// forgotten when they no longer are.
/// </summary>
internal sealed class CropPictures(ulong seed, int cropSize, int window)
{
    /// <summary>Samples of a picture's side.</summary>
    public const int PictureSide = 192;

    private const ulong CropsOfAPicture = 12;

    private readonly GeneratedPictures _pictures = new(seed, PictureSide);
    private readonly Crops _crops = new(seed, PictureSide, PictureSide, cropSize);
    private readonly CounterRandom _random = new(seed, RandomStream.PriorCrops);
    private readonly Dictionary<ulong, float[]> _made = [];

    /// <summary>
    /// Makes the pictures that crops from <paramref name="first"/> on may need, and forgets those before.
    /// </summary>
    public void Prepare(ulong first, int count, Workers workers, CancellationToken cancel)
    {
        ulong from = first / CropsOfAPicture, to = ((first + (ulong)count - 1) / CropsOfAPicture) + (ulong)window;
        foreach (ulong old in _made.Keys.Where(number => number < from).ToArray())
        {
            _made.Remove(old);
        }

        var missing = new List<ulong>();
        for (ulong number = from; number < to; number++)
        {
            if (!_made.ContainsKey(number))
            {
                missing.Add(number);
            }
        }

        var work = new Making(_pictures, [.. missing]);
        workers.Run(work, missing.Count, cancel);
        for (int i = 0; i < missing.Count; i++)
        {
            _made[missing[i]] = work.Made[i];
        }
    }

    /// <summary>Writes crop number <paramref name="number"/>, row-major.</summary>
    public void Fill(ulong number, Span<float> crop)
    {
        float[] picture = _made[(number / CropsOfAPicture) + (ulong)_random.Below(window, number)];
        Crops.Crop at = _crops.At(number);
        for (int y = 0; y < cropSize; y++)
        {
            for (int x = 0; x < cropSize; x++)
            {
                (int fromX, int fromY) = at.Orientation.Source(x, y, cropSize, cropSize);
                crop[(y * cropSize) + x] = picture[((at.Y + fromY) * PictureSide) + at.X + fromX];
            }
        }
    }

    private sealed class Making(GeneratedPictures pictures, ulong[] numbers) : IWork
    {
        public float[][] Made { get; } = new float[numbers.Length][];

        public void Run(int item, int worker) => Made[item] = pictures.At(numbers[item]);
    }
}
