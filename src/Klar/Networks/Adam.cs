using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Klar.Numerics;

namespace Klar.Networks;

/// <summary>
/// Adam (Kingma and Ba, ICLR 2015, algorithm 1), with PyTorch's order of operations: the bias corrections are applied
/// to the rate and to √v. With a weight decay λ it is AdamW (Loshchilov and Hutter, ICLR 2019): w is first multiplied
/// by 1 − rate · λ.
/// </summary>
internal sealed class Adam(
    int parameters, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8, double weightDecay = 0)
{
    private readonly float[] _mean = new float[parameters];
    private readonly float[] _square = new float[parameters];
    private int _steps;
    private float _stepSize;
    private float _inverseRoot;
    private float _kept = 1;

    /// <summary>Begins step t with its learning rate α: computes α / (1 − β1^t) and 1 / √(1 − β2^t).</summary>
    public void BeginStep(double rate)
    {
        _steps++;
        _stepSize = (float)(rate / (1 - Elementary.Exp(_steps * Elementary.Log(beta1))));
        _kept = (float)(1 - (rate * weightDecay));
        _inverseRoot = (float)(1 / Math.Sqrt(1 - Elementary.Exp(_steps * Elementary.Log(beta2))));
    }

    /// <summary>Steps taken.</summary>
    public int Steps => _steps;

    /// <summary>The running means of gradients and of their squares, which another run goes on with.</summary>
    public (float[] Mean, float[] Square) State => (_mean, _square);

    /// <summary>Goes on where another run was after <paramref name="steps"/> steps.</summary>
    public void GoOn(int steps, ReadOnlySpan<float> mean, ReadOnlySpan<float> square)
    {
        _steps = steps;
        mean.CopyTo(_mean);
        square.CopyTo(_square);
    }

    /// <summary>
    /// Updates the parameters from <paramref name="from"/> on, as many as <paramref name="gradient"/> has.
    /// </summary>
    public void Update(Span<float> parameters, ReadOnlySpan<float> gradient, int from)
    {
        int count = gradient.Length;
        var kernel = new UpdateKernel(
            parameters.Slice(from, count), gradient, _mean.AsSpan(from, count), _square.AsSpan(from, count), beta1,
            beta2, epsilon, _stepSize, _inverseRoot, _kept);
        LaneKernel.Run(kernel, count);
    }

    /// <remarks>
    /// m = β1 m + (1 − β1) g; v = β2 v + (1 − β2) g²; w = kept · w − step · m / (√v · inverseRoot + ε). A lane is a
    /// parameter.
    /// </remarks>
    private readonly ref struct UpdateKernel(
        Span<float> weights, ReadOnlySpan<float> gradient, Span<float> mean, Span<float> square, double beta1,
        double beta2, double epsilon, float step, float inverseRoot, float kept) : ILaneKernel
    {
        private readonly Span<float> _weights = weights, _mean = mean, _square = square;
        private readonly ReadOnlySpan<float> _gradient = gradient;
        private readonly float _beta1 = (float)beta1, _rest1 = (float)(1 - beta1), _beta2 = (float)beta2,
            _rest2 = (float)(1 - beta2);
        private readonly float _epsilon = (float)epsilon, _step = step, _inverseRoot = inverseRoot, _kept = kept;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public int Run<T, TLanes>(int from, int count)
            where T : struct
            where TLanes : struct, ILanes<T>
        {
            ref float weights = ref MemoryMarshal.GetReference(_weights);
            ref float mean = ref MemoryMarshal.GetReference(_mean);
            ref float square = ref MemoryMarshal.GetReference(_square);
            ref readonly float gradient = ref MemoryMarshal.GetReference(_gradient);
            T beta1 = TLanes.Of(_beta1), rest1 = TLanes.Of(_rest1), beta2 = TLanes.Of(_beta2),
                rest2 = TLanes.Of(_rest2);
            T epsilon = TLanes.Of(_epsilon), step = TLanes.Of(-_step), inverseRoot = TLanes.Of(_inverseRoot),
                kept = TLanes.Of(_kept);
            int i = from;
            for (; i <= count - TLanes.Count; i += TLanes.Count)
            {
                T g = TLanes.Load(in gradient, i);
                T m = TLanes.FusedMultiplyAdd(beta1, TLanes.Load(in mean, i), TLanes.Multiply(rest1, g));
                T v = TLanes.FusedMultiplyAdd(
                    beta2, TLanes.Load(in square, i), TLanes.Multiply(rest2, TLanes.Multiply(g, g)));
                TLanes.Store(m, ref mean, i);
                TLanes.Store(v, ref square, i);
                T scale = TLanes.FusedMultiplyAdd(TLanes.SquareRoot(v), inverseRoot, epsilon);
                TLanes.Store(TLanes.FusedMultiplyAdd(
                    step, TLanes.Divide(m, scale), TLanes.Multiply(kept, TLanes.Load(in weights, i))), ref weights, i);
            }

            return i;
        }
    }
}
