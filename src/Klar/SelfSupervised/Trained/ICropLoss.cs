namespace Klar.SelfSupervised.Trained;

/// <summary>What a method asks of the network on a crop. Each worker has its own, with its memory.</summary>
internal interface ICropLoss
{
    /// <summary>Adds the crop's share of the gradient, and returns its share of the batch's loss.</summary>
    /// <param name="number">Which crop of all that are drawn.</param>
    /// <param name="done">Share of the training that is done, 0 to 1.</param>
    /// <param name="cancel">Ends it.</param>
    double Add(ulong number, double done, CancellationToken cancel);
}
