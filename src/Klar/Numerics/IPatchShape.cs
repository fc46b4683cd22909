namespace Klar.Numerics;

/// <summary>
/// A patch's side p = Whole · Step + Rest on a grid of that step, known to the compiler, which unrolls the loops over
/// them.
/// </summary>
internal interface IPatchShape
{
    /// <summary>Step of the grid, 3 or 4.</summary>
    static abstract int Step { get; }

    /// <summary>Whole steps in a patch, 1 to 3.</summary>
    static abstract int Whole { get; }

    /// <summary>Pixels beyond them, 0 to 3.</summary>
    static abstract int Rest { get; }
}
