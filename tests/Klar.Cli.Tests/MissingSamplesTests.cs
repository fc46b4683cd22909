using Klar.Formats;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Cli.Tests;

/// <summary>Files with pixels that are NaN or infinite.</summary>
public sealed class MissingSamplesTests : IDisposable
{
    private const int Side = 128;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void They_are_refused_with_their_place_and_the_way_out()
    {
        _ = Write("x.tif", "single");
        KlarProgram.Run("denoise", _folder["x.tif"], "-m", "gaussian", "-o", _folder["out.tif"])
            .IsOneLine(1, "x=5, y=3", "NaN", "--nan keep");
        KlarProgram.Run("denoise", _folder["x.tif"], "--nan", "fill", "-o", _folder["out.tif"])
            .IsOneLine(2, "refuse or keep");
    }

    [Theory]
    [InlineData("gaussian", "single")]
    [InlineData("gaussian", "area")]
    [InlineData("bm3d", "single")]
    [InlineData("bm3d", "area")]
    [InlineData("auto", "area")]
    public void Kept_they_stay_and_the_picture_around_them_is_denoised(string method, string kind)
    {
        (Plane clean, Plane noisy) = Write("x.tif", kind);
        KlarProgram.Result run = KlarProgram.Run(
            "denoise", _folder["x.tif"], "-m", method, "--effort", "fast", "--nan", "keep", "-o", _folder["out.tif"]);
        Assert.Equal(0, run.Code);
        Assert.Contains("samples are NaN or infinite", run.Error, StringComparison.Ordinal);
        LoadedImage made = ImageFile.Read(_folder["out.tif"], new SampleScale(0, 1, Bounded: false));
        (double before, double after) = (0, 0);
        for (int i = 0; i < noisy.Samples.Length; i++)
        {
            (float was, float became, float wanted) =
                (noisy.Samples[i], made.Image.Planes[0].Samples[i], clean.Samples[i]);
            if (!float.IsFinite(was))
            {
                Assert.Equal(was, became);
                continue;
            }

            before += (was - wanted) * (was - wanted);
            after += (became - wanted) * (became - wanted);
        }

        // Seven decibels; where an area of NaN passes for a part without noise it is two.
        Assert.True(after < 0.2 * before, $"{before} became {after}");
    }

    [Fact]
    public void A_mistake_in_Klar_is_not_taken_for_a_bad_file()
    {
        Func<Outcome> mistake = static () => throw new ArgumentException("a plane of the wrong size", "noisy");
        Assert.Throws<ArgumentException>(() => Outcome.Of("x.tif", mistake));
        Func<Outcome> refusal = static () => throw new NonFiniteSampleException(5, 3, 0, float.NaN);
        Outcome.Failed failed = Assert.IsType<Outcome.Failed>(Outcome.Of("x.tif", refusal));
        Assert.Contains("x=5, y=3", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("--nan keep", failed.Reason, StringComparison.Ordinal);
    }

    private (Plane Clean, Plane Noisy) Write(string name, string kind)
    {
        Image clean = new(Plane.Create(Side, Side, 0, static (to, _) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = 0.5f + (0.3f * MathF.Sin(i % Side / 11f) * MathF.Cos(i / Side / 8f));
            }
        }));
        float[] samples = NoiseModel.Parse("gaussian:20")
            .AddTo(clean, clip: false, new RunSettings { Seed = 1 }).Planes[0].Samples.ToArray();
        for (int i = 0; i < samples.Length; i++)
        {
            (int x, int y) = (i % Side, i / Side);
            samples[i] = kind == "area" && x + y < 70 ? float.NaN
                : kind == "area" && Math.Abs(x - 90) < 12 && Math.Abs(y - 80) < 9 ? float.PositiveInfinity
                : kind == "single" && x % 31 == 5 && y % 29 == 3 ? float.NaN
                : samples[i];
        }

        var noisy = Plane.From(Side, Side, samples);
        ImageFile.Write(_folder[name], new Image(noisy, new SampleScale(0, 1, Bounded: false)), SampleType.Float32);
        return (clean.Planes[0], noisy);
    }
}
