using System.Text.RegularExpressions;
using Klar.Catalogue;

namespace Klar.Tests.Catalogue;

public sealed partial class MethodCatalogueTests
{
    private static readonly Dictionary<string, Type> Records = new()
    {
        ["mean"] = typeof(MeanOptions),
        ["gaussian"] = typeof(GaussianOptions),
        ["median"] = typeof(MedianOptions),
        ["bilateral"] = typeof(BilateralOptions),
        ["wiener"] = typeof(WienerOptions),
        ["bm3d"] = typeof(Bm3dOptions),
        ["nl-ridge"] = typeof(NlRidgeOptions),
        ["lichi"] = typeof(LichiOptions),
        ["prior"] = typeof(PriorOptions),
        ["zs-n2n"] = typeof(ZsN2nOptions),
        ["noise2fast"] = typeof(Noise2FastOptions),
        ["neighbor2neighbor"] = typeof(Neighbor2NeighborOptions),
        ["klar"] = typeof(KlarOptions),
        ["auto"] = typeof(AutoOptions),
    };

    public static TheoryData<string> Methods => [.. MethodCatalogue.All.Select(static method => method.Name)];

    [Theory]
    [MemberData(nameof(Methods))]
    public void Options_are_the_properties_of_the_record_in_kebab_case(string name)
    {
        IEnumerable<string> properties = Records[name].GetProperties().Select(
            static property => Capital().Replace(property.Name, "-$1").TrimStart('-').ToLowerInvariant());
        Assert.Equal(
            properties.Order(), MethodCatalogue.Find(name)!.Options.Select(static option => option.Name).Order());
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void Stated_defaults_are_the_defaults(string name)
    {
        Method method = MethodCatalogue.Find(name)!;
        var stated = method.Options.ToDictionary(static option => option.Name, static option => option.Default);
        if (name == "zs-n2n")
        {
            Assert.Equal(new ZsN2nOptions(), new ZsN2nOptions
            {
                Steps = int.Parse(stated["steps"], System.Globalization.CultureInfo.InvariantCulture),
                HalveEvery = int.Parse(stated["halve-every"], System.Globalization.CultureInfo.InvariantCulture),
                LearningRate = double.Parse(stated["learning-rate"], System.Globalization.CultureInfo.InvariantCulture),
            });
            return;
        }

        if (name == "noise2fast")
        {
            Assert.Equal(new Noise2FastOptions(), new Noise2FastOptions
            {
                Steps = int.Parse(stated["steps"], System.Globalization.CultureInfo.InvariantCulture),
                Patience = int.Parse(stated["patience"], System.Globalization.CultureInfo.InvariantCulture),
                LearningRate = double.Parse(stated["learning-rate"], System.Globalization.CultureInfo.InvariantCulture),
            });
            return;
        }

        if (name == "neighbor2neighbor")
        {
            Assert.Equal(new Neighbor2NeighborOptions(), new Neighbor2NeighborOptions
            {
                Steps = int.Parse(stated["steps"], System.Globalization.CultureInfo.InvariantCulture),
                Batch = int.Parse(stated["batch"], System.Globalization.CultureInfo.InvariantCulture),
                CropSize = int.Parse(stated["crop-size"], System.Globalization.CultureInfo.InvariantCulture),
                LearningRate = double.Parse(stated["learning-rate"], System.Globalization.CultureInfo.InvariantCulture),
            });
            return;
        }

        if (name == "klar")
        {
            Assert.Equal(new KlarOptions(), new KlarOptions
            {
                Sigma = stated["sigma"] == "auto" ? null : 1,
                Effort = Enum.Parse<Effort>(stated["effort"], ignoreCase: true),
                Steps = int.Parse(stated["steps"], System.Globalization.CultureInfo.InvariantCulture),
            });
            return;
        }

        var noisy = new Image(Support.Samples.Picture(16, 16));
        Assert.Equal(
            method.Create(new Dictionary<string, string>(), new RunSettings()).Denoise(noisy).Report.Settings,
            method.Create(stated, new RunSettings()).Denoise(noisy).Report.Settings);
    }

    [Theory]
    [InlineData("median", "size", "4")]
    [InlineData("median", "size", "two")]
    [InlineData("mean", "size", "-1")]
    [InlineData("gaussian", "sigma", "0")]
    [InlineData("gaussian", "sigma", "nan")]
    [InlineData("wiener", "border", "open")]
    [InlineData("bm3d", "sigma", "0")]
    [InlineData("bm3d", "sigma", "loud")]
    [InlineData("nl-ridge", "gain", "-1")]
    [InlineData("zs-n2n", "steps", "0")]
    [InlineData("klar", "steps", "-1")]
    [InlineData("klar", "effort", "utmost")]
    [InlineData("zs-n2n", "learning-rate", "-1")]
    [InlineData("noise2fast", "patience", "0")]
    [InlineData("neighbor2neighbor", "crop-size", "100")]
    public void A_bad_value_is_refused_with_the_options_name(string method, string option, string value)
    {
        FormatException failure = Assert.Throws<FormatException>(() =>
            MethodCatalogue.Find(method)!.Create(
                new Dictionary<string, string> { [option] = value }, new RunSettings()));
        Assert.Contains($"{method}.{option}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_option_is_refused() => Assert.Throws<FormatException>(static () =>
        MethodCatalogue.Find("median")!.Create(new Dictionary<string, string> { ["width"] = "3" }, new RunSettings()));

    [Fact]
    public void Records_refuse_bad_values_and_name_the_property()
    {
        Assert.Equal(
            "Size", Assert.Throws<OptionOutOfRangeException>(static () => new MedianOptions { Size = 2 }).ParamName);
        Assert.Equal(
            "Sigma",
            Assert.Throws<OptionOutOfRangeException>(static () => new GaussianOptions { Sigma = float.NaN }).ParamName);
        Assert.Equal("Sigma", Assert.Throws<OptionOutOfRangeException>(
            static () => new WienerOptions { Sigma = float.PositiveInfinity }).ParamName);
        Assert.Equal(
            "Steps", Assert.Throws<OptionOutOfRangeException>(static () => new ZsN2nOptions { Steps = 0 }).ParamName);
        Assert.Equal(
            "Threads",
            Assert.Throws<OptionOutOfRangeException>(static () => new RunSettings { Threads = 0 }).ParamName);
    }

    [GeneratedRegex("([A-Z])")]
    private static partial Regex Capital();
}
