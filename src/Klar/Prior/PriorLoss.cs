using Klar.Networks;
using Klar.Numerics;

namespace Klar.Prior;

/// <summary>
/// The mean squared difference between the noise that the network finds and the noise there is. What a good denoiser
/// leaves grows about as σ^1.3;
/// crops are weighed by its inverse, so that all levels count alike.
/// </summary>
internal sealed class PriorLoss(NetworkPass pass, CropPictures pictures, ulong seed, int batch)
{
    private const double Growth = 1.3;
    private const double Usual = 25;

    private readonly int _side = pass.Input.Width;
    private readonly CropNoise _noise = new(seed, pass.Input.Width);
    private readonly float[] _clean = new float[pass.Input.Width * pass.Input.Height];

    /// <summary>Adds a crop's share of the gradient, and returns its share of the batch's loss.</summary>
    public double Add(ulong number, CancellationToken cancel)
    {
        pictures.Fill(number, _clean);
        _noise.Add(number, _clean);
        PriorInput.Fill(pass.Input, _noise.Noisy, _noise.Level, _side, _side, _noise.Lag1);
        pass.Forward(cancel);
        float weight = (float)(
            Elementary.Exp(Growth * Elementary.Log(Usual / _noise.Sigma)) / ((double)batch * _side * _side));
        double sum = 0;
        for (int y = 0; y < _side; y++)
        {
            ReadOnlySpan<float> found = pass.Output.Row(y);
            Span<float> gradient = pass.OutputGradient.Row(y);
            for (int x = 0; x < _side; x++)
            {
                int i = (y * _side) + x;
                float noise = PriorInput.Scale * (_noise.Noisy[i] - _noise.Target[i]);
                float difference = found[x * pass.Output.Stride] - noise;
                sum += (double)difference * difference;
                gradient[x * pass.Output.Stride] = 2 * weight * difference;
            }
        }

        pass.Backward(cancel);
        return weight * sum;
    }
}
