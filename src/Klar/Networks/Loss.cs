namespace Klar.Networks;

/// <summary>The mean of a loss over a crop.</summary>
internal static class Loss
{
    /// <summary>
    /// Returns the loss between <paramref name="output"/> and <paramref name="target"/>, the mean over
    /// <paramref name="count"/> numbers (those of the whole batch), and writes its gradient.
    /// </summary>
    public static double Of<TLoss>(FeatureMap output, FeatureMap target, int count, FeatureMap gradient)
        where TLoss : struct, ILoss
    {
        double sum = 0;
        float share = 1f / count;
        for (int y = 0; y < output.Height; y++)
        {
            ReadOnlySpan<float> outputs = output.Row(y), targets = target.Row(y);
            Span<float> slopes = gradient.Row(y);
            for (int pixel = 0; pixel < slopes.Length; pixel += output.Stride)
            {
                for (int i = pixel; i < pixel + output.Channels; i++)
                {
                    (double loss, float slope) = TLoss.Of(outputs[i], targets[i]);
                    sum += loss;
                    slopes[i] = share * slope;
                }
            }
        }

        return sum / count;
    }
}
