namespace Klar.NonLocal;

/// <summary>The mean of an image's channels, on which the patches of a colour image are compared.</summary>
internal static class MeanChannel
{
    public static float[] Of(float[][] channels)
    {
        if (channels.Length == 1)
        {
            return channels[0];
        }

        float[] mean = new float[channels[0].Length];
        foreach (float[] channel in channels)
        {
            Numerics.Pixelwise.Add(channel, mean);
        }

        for (int i = 0; i < mean.Length; i++)
        {
            mean[i] /= channels.Length;
        }

        return mean;
    }
}
