using System.Text;
using Klar.Networks;

namespace Klar.Tests.Networks;

public sealed class SafeTensorsTests
{
    private static readonly Network Small = Network.Of(
        1, static x => x.Convolution(5, slope: 0.2f).MaxPool().TransposedConvolution(3).Convolution(1, kernel: 1));

    [Fact]
    public void Weights_come_back_as_they_were_saved()
    {
        float[] saved = new float[Small.Parameters.ParameterCount], loaded = new float[saved.Length];
        InitialWeights.Uniform(Small.Parameters, 3, saved);
        using MemoryStream file = Saved(saved);
        IReadOnlyDictionary<string, string> text = SavedWeights.Load(file, Small.Parameters, loaded);
        Assert.Equal(saved, loaded);
        Assert.Equal("größe", text["method"]);
    }

    [Fact]
    public void The_file_is_laid_out_as_the_format_says()
    {
        using var file = new MemoryStream();
        SafeTensors.Write(file, [new("a", [2, 1], [1, 2]), new("b", [1], [3])], new Dictionary<string, string>());
        byte[] bytes = file.ToArray();
        long header = BitConverter.ToInt64(bytes);
        Assert.Equal(0, header % 8);
        Assert.Equal(
            """{"a":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]},"b":"""
            + """{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}""",
            Encoding.UTF8.GetString(bytes, 8, (int)header).TrimEnd());
        Assert.Equal(
            [1f, 2, 3],
            System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(bytes.AsSpan(8 + (int)header)).ToArray());
    }

    [Fact]
    public void Numbers_of_16_bits_come_back_as_they_were_rounded()
    {
        using var file = new MemoryStream();
        SafeTensors.Tensor[] written = [new("a", [2], [1 / 3f, -65504]), new("b", [2], [1e-7f, 0.5f])];
        SafeTensors.Write(file, written, new Dictionary<string, string>(), half: true);
        file.Position = 0;
        (IReadOnlyList<SafeTensors.Tensor> tensors, _) = SafeTensors.Read(file);
        Assert.Equal([(float)(Half)(1 / 3f), -65504], tensors[0].Values);
        Assert.Equal([(float)(Half)1e-7f, 0.5f], tensors[1].Values);
    }

    [Fact]
    public void A_damaged_file_is_refused_and_loads_nothing()
    {
        float[] saved = new float[Small.Parameters.ParameterCount];
        InitialWeights.Uniform(Small.Parameters, 3, saved);
        byte[] whole = Saved(saved).ToArray();
        foreach (int length in (int[])[0, 7, 8, 50, whole.Length / 2, whole.Length - 1])
        {
            float[] loaded = new float[saved.Length];
            Assert.Throws<InvalidDataException>(
                () => SavedWeights.Load(new MemoryStream(whole, 0, length), Small.Parameters, loaded));
            Assert.All(loaded, static value => Assert.Equal(0, value));
        }

        byte[] huge = [.. whole];
        huge[6] = 0x7f; // a header of 2^54 bytes
        Assert.Throws<InvalidDataException>(
            () => SavedWeights.Load(new MemoryStream(huge), Small.Parameters, new float[saved.Length]));
    }

    [Fact]
    public void The_weights_of_another_network_are_refused()
    {
        Network other = Network.Of(1, static x => x.Convolution(6).Convolution(1, kernel: 1));
        using MemoryStream file = Saved(new float[Small.Parameters.ParameterCount]);
        InvalidDataException failure = Assert.Throws<InvalidDataException>(() => SavedWeights.Load(
            file, other.Parameters, new float[other.Parameters.ParameterCount]));
        Assert.Contains("another network", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}}""")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""")]
    [InlineData("""{"a":{"dtype":"F32"}}""")]
    [InlineData("""{"a":5}""")]
    [InlineData("[1]")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,-4]}}""")]
    public void A_header_that_lies_is_refused(string header)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        byte[] file = [.. BitConverter.GetBytes((long)text.Length), .. text, .. new byte[64]];
        Assert.Throws<InvalidDataException>(() => SafeTensors.Read(new MemoryStream(file)));
    }

    private static MemoryStream Saved(float[] parameters)
    {
        var file = new MemoryStream();
        SavedWeights.Save(file, Small.Parameters, parameters, new Dictionary<string, string> { ["method"] = "größe" });
        file.Position = 0;
        return file;
    }
}
