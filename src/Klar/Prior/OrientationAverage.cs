using Klar.Networks;
using Klar.Scheduling;

namespace Klar.Prior;

/// <summary>
/// The mean of what the prior makes of a picture in several orientations, laid back. A picture of one tile keeps one
/// worker busy: several orientations of it are taken at once.
/// </summary>
/// <param name="network">The network.</param>
/// <param name="weights">Its weights, prepared.</param>
/// <param name="threads">Threads to use.</param>
/// <param name="orientations">Over how many of the eight.</param>
internal sealed class OrientationAverage(Network network, PreparedWeights weights, int threads, int orientations)
{
    /// <summary>The picture without its noise, row-major.</summary>
    public float[] Of(
        float[] noisy, float[] level, (float Across, float Down) lag1, int width, int height,
        IProgress<double> progress, CancellationToken cancel)
    {
        bool isOneTile = PriorOutput.IsOneTile(width, height);
        int together = isOneTile ? Math.Min(threads, orientations) : 1;
        PriorOutput[] outputs =
        [
            .. Enumerable.Range(0, together).Select(_ => new PriorOutput(network, weights, isOneTile ? 1 : threads)),
        ];
        var workers = new Workers(together);
        var work = new OrientationWork(outputs, noisy, level, lag1, width, height, together == 1 ? Part : null, cancel);
        float[] mean = new float[noisy.Length];
        for (int first = 0; first < orientations; first += together)
        {
            int count = Math.Min(together, orientations - first);
            work.Begin(first);
            workers.Run(work, count, cancel);
            for (int item = 0; item < count; item++)
            {
                for (int i = 0; i < mean.Length; i++)
                {
                    mean[i] += work.Results[item][i] / orientations;
                }
            }

            progress.Report((double)(first + count) / orientations);
        }

        return mean;

        IProgress<double> Part(int before) => new PartOf(progress, before, orientations);
    }

    private sealed class PartOf(IProgress<double> whole, int before, int parts) : IProgress<double>
    {
        public void Report(double value) => whole.Report((before + value) / parts);
    }

    /// <summary>An orientation is an item.</summary>
    private sealed class OrientationWork(
        PriorOutput[] outputs, float[] noisy, float[] level, (float Across, float Down) lag1, int width, int height,
        Func<int, IProgress<double>>? progress, CancellationToken cancel) : IWork
    {
        private int _first;

        public float[][] Results { get; } = new float[outputs.Length][];

        public void Begin(int first) => _first = first;

        public void Run(int item, int worker)
        {
            Orientation orientation = Orientation.All.ElementAt(_first + item);
            (int laidWidth, int laidHeight) = orientation.SizeOf(width, height);
            float[] made = outputs[worker].Of(
                orientation.Of(noisy, width, height),
                orientation.Of(level, width, height),
                orientation.Turns % 2 != 0 ? (lag1.Down, lag1.Across) : lag1,
                laidWidth,
                laidHeight,
                progress?.Invoke(_first + item),
                cancel);
            Results[item] = orientation.Inverse.Of(made, laidWidth, laidHeight);
        }
    }
}
