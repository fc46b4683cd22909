namespace Klar;

/// <summary>How much time a result may take.</summary>
public enum Effort
{
    /// <summary>A few seconds for 512 × 512 on two cores.</summary>
    Fast,

    /// <summary>Some ten seconds.</summary>
    Normal,

    /// <summary>The best that is known, in about half a minute.</summary>
    Best,
}
