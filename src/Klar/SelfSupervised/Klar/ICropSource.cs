using Klar.Networks;

namespace Klar.SelfSupervised.Klar;

/// <summary>Pairs to train on: square crops of noisy pictures, and what a denoiser should make of them.</summary>
internal interface ICropSource
{
    /// <summary>Numbers a pixel of the input.</summary>
    int InputChannels { get; }

    /// <summary>Numbers a pixel of the target; the input's first channels are the same picture, noisy.</summary>
    int Channels { get; }

    /// <summary>
    /// Fills crop <paramref name="number"/>, a function of the number alone: the input, and the target as
    /// [row][column][channel] of the same size, NaN where nothing is to be learnt.
    /// </summary>
    void Fill(ulong number, InputImage input, Span<float> target);
}
