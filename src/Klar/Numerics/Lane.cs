using System.Runtime.CompilerServices;

namespace Klar.Numerics;

/// <summary>One float: the tail of a row.</summary>
internal readonly struct Lane : ILanes<float>
{
    public static int Count => 1;

    public static float Of(float value) => value;

    public static float Load(ref readonly float from, int at) => Unsafe.Add(ref Unsafe.AsRef(in from), at);

    public static void Store(float value, ref float to, int at) => Unsafe.Add(ref to, at) = value;

    public static float Add(float a, float b) => a + b;

    public static float Subtract(float a, float b) => a - b;

    public static float Multiply(float a, float b) => a * b;

    public static float Divide(float a, float b) => a / b;

    public static float FusedMultiplyAdd(float a, float b, float c) => MathF.FusedMultiplyAdd(a, b, c);

    public static float Min(float a, float b) => a < b ? a : b;

    public static float Max(float a, float b) => a > b ? a : b;

    public static float SquareRoot(float a) => MathF.Sqrt(a);

    public static float Round(float a) => MathF.Round(a);

    public static float WherePositive(float a, float positive, float other) => a > 0 ? positive : other;

    public static uint WhereLess(float a, float b) => a < b ? 1u : 0u;

    public static float PowerOfTwo(float k) => BitConverter.Int32BitsToSingle(((int)k + 127) << 23);
}
