using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using Klar.Networks;
using Klar.NonLocal;
using Klar.NonLocal.Bm3d;
using Klar.Numerics;

namespace Klar.Benchmarks;

/// <summary>The kernels at each register width: <c>--filter *KernelBenchmarks*</c>.</summary>
[MemoryDiagnoser]
[Config(typeof(PerWidth))]
public class KernelBenchmarks
{
    private const int Channels = 48;
    private const int Side = 64;

    private readonly float[] _features = Filled(70 * 70 * Channels);
    private readonly float[] _output = new float[70 * 70 * Channels];
    private readonly float[] _weights = Filled(9 * Channels * Channels);
    private readonly float[] _transformed = Filled(WinogradConvolution.Positions * Channels * Channels);
    private readonly float[] _bias = Filled(Channels);
    private readonly float[] _row = Filled(2048 + 16);
    private readonly float[] _taps = Filled(9);
    private readonly float[] _to = new float[2048];
    private readonly WinogradConvolution _winograd = new(Channels);
    private readonly PatchSearch _search = new(new PatchSearchSettings(8, 3, 19, 16, 3), 16);
    private readonly float[] _picture = Filled(512 * 512);
    private readonly PatchTransform _cosine = PatchTransform.Cosine(8);
    private readonly float[] _definite =
    [
        .. Enumerable.Range(0, 64 * 64).Select(static i => i / 64 == i % 64 ? 2f : 0.01f)
    ];
    private readonly float[] _matrix = new float[64 * 64];

    [Benchmark]
    public void Convolution_48_channels_direct() =>
        DirectConvolution.Forward(_features, Channels, Channels, 3, _weights, Channels, _output, Side, Side);

    [Benchmark]
    public void Convolution_48_channels_transformed() =>
        _winograd.Forward(
            _features, Channels, _transformed, Channels, _bias, 0.2f, _output, Side * Channels, Side, Side);

    [Benchmark]
    public void Weight_gradient_48_channels_transformed()
    {
        var region = new Region(0, 0, Side + 2, Side + 2);
        _winograd.WeightGradient(
            _features, Channels, region, _output, Channels, region, new Region(1, 1, Side, Side), _transformed);
    }

    [Benchmark]
    public void Correlation_of_a_row_17_taps() => Correlation.AlongRow(_row, _taps, _to);

    [Benchmark]
    public void Patch_search_8_by_3_of_a_tile_of_912() =>
        _search.Search(_picture, 512, 512, new GridTile(150, 150, 57, 16), PageWindow.Single);

    [Benchmark]
    public void Cosine_transform_of_32_patches() => _cosine.Forward(_features, 32, _output);

    [Benchmark]
    public void Inverse_of_64_by_64()
    {
        _definite.CopyTo(_matrix, 0);
        SymmetricInverse.Invert(_matrix, 64, 64, _output);
    }

    [Benchmark]
    public void Leaky_rectifier() => Rectifier.Forward(_output, 0.2f);

    private static float[] Filled(int length)
    {
        float[] values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = ((i * 7919 % 1000) / 1000f) - 0.5f;
        }

        return values;
    }

    private sealed class PerWidth : ManualConfig
    {
        public PerWidth()
        {
            AddJob(Job.ShortRun.WithId("512 bits").AsBaseline());
            AddJob(Job.ShortRun.WithId("256 bits").WithEnvironmentVariable("DOTNET_EnableAVX512", "0"));
            AddJob(Job.ShortRun.WithId("128 bits").WithEnvironmentVariable("DOTNET_EnableAVX2", "0"));
        }
    }
}
