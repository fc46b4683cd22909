using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Klar.Numerics;

/// <summary>4 floats: SSE, Arm, or the framework's software where there is neither.</summary>
internal readonly struct Lanes128 : ILanes<Vector128<float>>
{
    public static int Count => Vector128<float>.Count;

    public static Vector128<float> Of(float value) => Vector128.Create(value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(ref readonly float from, int at) => Vector128.LoadUnsafe(in from, (nuint)at);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> value, ref float to, int at) => value.StoreUnsafe(ref to, (nuint)at);

    public static Vector128<float> Add(Vector128<float> a, Vector128<float> b) => a + b;

    public static Vector128<float> Subtract(Vector128<float> a, Vector128<float> b) => a - b;

    public static Vector128<float> Multiply(Vector128<float> a, Vector128<float> b) => a * b;

    public static Vector128<float> Divide(Vector128<float> a, Vector128<float> b) => a / b;

    public static Vector128<float> FusedMultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> c) =>
        Vector128.FusedMultiplyAdd(a, b, c);

    public static Vector128<float> Min(Vector128<float> a, Vector128<float> b) => Vector128.MinNative(a, b);

    public static Vector128<float> Max(Vector128<float> a, Vector128<float> b) => Vector128.MaxNative(a, b);

    public static Vector128<float> SquareRoot(Vector128<float> a) => Vector128.Sqrt(a);

    public static Vector128<float> Round(Vector128<float> a) => Vector128.Round(a);

    public static Vector128<float> WherePositive(
        Vector128<float> a, Vector128<float> positive, Vector128<float> other) =>
        Vector128.ConditionalSelect(Vector128.GreaterThan(a, Vector128<float>.Zero), positive, other);

    public static uint WhereLess(Vector128<float> a, Vector128<float> b) =>
        Vector128.LessThan(a, b).ExtractMostSignificantBits();

    public static Vector128<float> PowerOfTwo(Vector128<float> k) =>
        Vector128.ShiftLeft(Vector128.ConvertToInt32(k) + Vector128.Create(127), 23).AsSingle();
}
