namespace Klar.NonLocal;

/// <summary>What is searched for.</summary>
/// <param name="Patch">Side of a patch, in pixels.</param>
/// <param name="Step">From one reference patch to the next, at most the patch's side.</param>
/// <param name="Radius">Pixels that the window reaches to each side.</param>
/// <param name="GroupSize">The most patches in a group, the reference among them.</param>
/// <param name="Limit">Sum of squared differences that a patch must stay below.</param>
internal sealed record PatchSearchSettings(
    int Patch, int Step, int Radius, int GroupSize, float Limit = PatchSearchSettings.NoLimit)
{
    /// <summary>Lets every patch that lies inside the image pass.</summary>
    public const float NoLimit = 1e30f;

    /// <summary>
    /// Pixels that the windows on neighbouring pages reach to each side; 0 where no other page is searched.
    /// </summary>
    public int RadiusOnOtherPages { get; init; }
}
