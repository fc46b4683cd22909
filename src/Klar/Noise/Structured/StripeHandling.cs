namespace Klar;

/// <summary>Which lines of a picture are freed of offsets.</summary>
public enum StripeHandling
{
    /// <summary>Those that have offsets beyond doubt.</summary>
    Auto,

    /// <summary>None.</summary>
    Off,

    /// <summary>The rows, whatever they show.</summary>
    Rows,

    /// <summary>The columns, whatever they show.</summary>
    Columns,

    /// <summary>Rows and columns, whatever they show.</summary>
    Both,
}
