namespace Klar.Numerics;

/// <summary>
/// Arithmetic on one register of floats. A kernel is written once over <typeparamref name="T"/> and runs at 16, 8, 4
/// lanes and 1; every operation here rounds alike at each width, so the results are the same bit for bit.
/// </summary>
/// <typeparam name="T">The register: a vector, or a float for tails.</typeparam>
internal interface ILanes<T>
    where T : struct
{
    /// <summary>Floats in a register.</summary>
    static abstract int Count { get; }

    /// <summary>All lanes the same.</summary>
    static abstract T Of(float value);

    /// <summary>The floats from <paramref name="from"/>[<paramref name="at"/>] on.</summary>
    static abstract T Load(ref readonly float from, int at);

    /// <summary>Writes all lanes to <paramref name="to"/>[<paramref name="at"/>] and on.</summary>
    static abstract void Store(T value, ref float to, int at);

    static abstract T Add(T a, T b);

    static abstract T Subtract(T a, T b);

    static abstract T Multiply(T a, T b);

    static abstract T Divide(T a, T b);

    /// <summary>a · b + c, rounded once.</summary>
    static abstract T FusedMultiplyAdd(T a, T b, T c);

    /// <summary>a &lt; b ? a : b in each lane.</summary>
    static abstract T Min(T a, T b);

    /// <summary>a &gt; b ? a : b in each lane.</summary>
    static abstract T Max(T a, T b);

    static abstract T SquareRoot(T a);

    /// <summary>The nearest integer, ties to even.</summary>
    static abstract T Round(T a);

    /// <summary>a &gt; 0 ? positive : other in each lane.</summary>
    static abstract T WherePositive(T a, T positive, T other);

    /// <summary>A bit for each lane, the first lane's lowest: whether a &lt; b.</summary>
    static abstract uint WhereLess(T a, T b);

    /// <summary>2^k for whole k from −126 to 127.</summary>
    static abstract T PowerOfTwo(T k);
}
