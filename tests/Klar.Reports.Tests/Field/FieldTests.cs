using Klar.Noise;
using Klar.Reports.Field;

namespace Klar.Reports.Tests.Field;

/// <summary>
/// Ordinary fluorescence files, generated: what is measured of their noise, and what <c>auto</c> makes of them. The
/// whole matrix is <c>klar bench field</c>, with its results in <c>benchmarks/field.md</c>; these are cells of it where
/// all is there to be seen.
/// </summary>
public sealed class FieldTests
{
    private const double Gain = 2.2;
    private const double ReadNoise = 2.5;
    private const double Offset = 100;

    [Fact]
    public void The_gain_is_found_in_cells_on_a_dark_floor()
    {
        var errors = new List<(double Error, FieldSituation Situation)>();
        foreach (FieldTexture texture in Enum.GetValues<FieldTexture>())
        {
            foreach (double photons in (double[])[20, 60, 200, 600])
            {
                foreach (double gain in (double[])[0.5, 2.2, 10])
                {
                    var situation = new FieldSituation(
                        texture, Side: 256, Covered: 0.2, gain, ReadNoise, Offset, photons, FieldExtra.None,
                        Seed: errors.Count);
                    if (photons * gain * gain < 2 * ReadNoise * ReadNoise)
                    {
                        continue; // the read noise hides what grows with brightness
                    }

                    double measured = GreyLevels(situation.Make().Noisy).Gain;
                    errors.Add((Math.Abs((measured / gain) - 1), situation));
                }
            }
        }

        IEnumerable<string> off = errors
            .Where(static pair => pair.Error > 0.2)
            .Select(static pair => $"{pair.Error:P0}: {pair.Situation}");
        string worst = string.Join('\n', off);
        Assert.True(errors.Count(static pair => pair.Error <= 0.2) >= 0.9 * errors.Count, worst);
        Assert.True(errors.Count(static pair => pair.Error <= 0.35) >= 0.96 * errors.Count, worst);
    }

    [Theory]
    [InlineData(FieldExtra.HotPixels)]
    [InlineData(FieldExtra.ScaleBar)]
    [InlineData(FieldExtra.BlackBorder)]
    [InlineData(FieldExtra.WhiteMask)]
    [InlineData(FieldExtra.BlackMask)]
    public void What_is_no_picture_changes_nothing(FieldExtra extra)
    {
        (double gain, double readNoise, double offset) = GreyLevels(Cells(60, extra).Make().Noisy);
        Assert.InRange(gain, 0.85 * Gain, 1.15 * Gain);
        Assert.InRange(readNoise, 0.85 * ReadNoise, 1.15 * ReadNoise);
        Assert.InRange(offset, Offset - 1, Offset + 1);
    }

    [Theory]
    [InlineData(60, FieldExtra.None)]
    [InlineData(600, FieldExtra.None)]
    [InlineData(60, FieldExtra.HotPixels)]
    [InlineData(60, FieldExtra.BlackBorder)]
    public void Auto_is_ahead_of_input_and_blur_and_near_what_the_true_noise_gives(double photons, FieldExtra extra)
    {
        FieldRow row = FieldRun.Of(Cells(photons, extra), Auto, new RunSettings { Seed = 1 });
        Assert.True(row.Behind < -0.5, $"{row.Behind:F2} dB behind the better of input and best blur: {row.Why}");
        Assert.True(row.BehindKnown < 0.3, $"{row.BehindKnown:F2} dB behind the same with the true noise");
    }

    [Fact]
    public void From_cell_1000_on_files_of_each_kind_follow_each_other()
    {
        FieldFile[] kinds = Enum.GetValues<FieldFile>();
        foreach (FieldFile kind in kinds)
        {
            FieldSituation situation = FieldSituation.Number(1000 + (int)kind, largest: 128);
            (Image noisy, Image expected, _) = situation.Make();
            double white = kind switch
            {
                FieldFile.Bits10 => 1023,
                FieldFile.Bits12 => 4095,
                FieldFile.Bits14 => 16383,
                FieldFile.Bits16 => 65535,
                FieldFile.Float => 1,
                _ => 255,
            };
            float[] samples = noisy.Planes[0].Samples.ToArray();
            (float least, float most) = (samples.Min(), samples.Max());
            Assert.Equal(kind, situation.File);
            Assert.Equal(kind == FieldFile.Jpeg, situation.Quality is >= 50 and <= 95);
            Assert.InRange(noisy.Scale.Black + (least * noisy.Scale.Range), 0, white);
            Assert.InRange(noisy.Scale.Black + (most * noisy.Scale.Range), 0, 1.5 * white);
            Assert.Equal(situation.IsToBeLeftAlone, noisy.Planes[0].Samples.SequenceEqual(expected.Planes[0].Samples));
        }
    }

    [Theory]
    [InlineData(FieldFile.Labels)]
    [InlineData(FieldFile.Clean)]
    public void Labels_and_clean_pictures_are_left_alone(FieldFile file)
    {
        FieldSituation situation = Cells(60, FieldExtra.None) with { File = file, Gain = 2, Offset = 10 };
        FieldRow row = FieldRun.Of(situation, Auto, new RunSettings { Seed = 1 });
        Assert.True(row.IsLeftAlone, row.Why);
        Assert.Null(row.Blind);
    }

    [Fact]
    public void Auto_is_ahead_of_input_and_blur_where_the_file_was_a_JPEG()
    {
        FieldSituation situation = Cells(2000, FieldExtra.None) with
        {
            File = FieldFile.Jpeg,
            Quality = 60,
            Gain = 0.09,
            ReadNoise = 12,
            Offset = 30,
        };
        FieldRow row = FieldRun.Of(situation, Auto, new RunSettings { Seed = 1 });
        Assert.True(row.Behind < -0.5, $"{row.Behind:F2} dB behind the better of input and best blur: {row.Why}");
        Assert.Null(row.Known);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(136)]
    [InlineData(116)]
    public void Sharp_structure_and_piled_up_zeros_are_no_noise(int number)
    {
        // Before: 1.42, 1.23 and 0 of the gain. Spots and fibres as sharp as the optics let them be, and a black that
        // is not 0 and holds most samples.
        FieldRow row = new FieldRun { Largest = 256 }.Row(number);
        Assert.True(row.ShowsGain);
        Assert.True(row.GainError < 0.2, $"{row.Gain:F3} for {row.Situation.Gain}");
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1012)]
    [InlineData(1028)]
    public void White_noise_on_structure_all_over_is_not_called_correlated(int number)
    {
        (Image noisy, _, _) = FieldSituation.Number(number, largest: 256).Make();
        Assert.Equal(0, NoiseEstimator.Estimate(noisy).Lag1);
    }

    [Fact]
    public void Nobody_knows_the_noise_better_than_pixels_allow()
    {
        // Of a picture four times as large, noise is known twice as well.
        NoiseLimit Of(int side)
        {
            FieldSituation situation = Cells(60, FieldExtra.None) with { Texture = FieldTexture.Tissue, Side = side };
            (_, Image expected, bool[] picture) = situation.Make();
            return NoiseLimit.Of(situation, expected, picture);
        }

        (NoiseLimit small, NoiseLimit large) = (Of(128), Of(256));
        Assert.InRange(small.Gain / large.Gain, 1.6, 2.4);
        Assert.InRange(large.Gain, 0.005, 0.1);
    }

    [Fact]
    public void Borders_and_masks_come_back_as_they_were()
    {
        (Image noisy, _, bool[] picture) = Cells(60, FieldExtra.BlackMask).Make();
        Image result = Auto(new NoiseHandling(), new RunSettings { Seed = 1 }).Denoise(noisy).Image;
        for (int i = 0; i < picture.Length; i++)
        {
            Assert.True(picture[i] || result.Planes[0].Samples[i] == noisy.Planes[0].Samples[i]);
        }
    }

    [Fact]
    public void A_row_has_a_value_for_each_column()
    {
        FieldRow row = new FieldRun { Largest = 64 }.Row(3);
        Assert.Equal(FieldRow.Header.Split(',').Length, row.ToCsv().Split(',').Length);
        Assert.Contains("| gain within 20 %", FieldTable.ToMarkdown([row]), StringComparison.Ordinal);
    }

    private static FieldSituation Cells(double photons, FieldExtra extra) =>
        new(FieldTexture.SharpCells, Side: 192, Covered: 0.3, Gain, ReadNoise, Offset, photons, extra, Seed: 5);

    private static IDenoiser Auto(NoiseHandling handling, RunSettings run) =>
        new AutoDenoiser(new AutoOptions { Effort = Effort.Fast }, handling, run);

    /// <summary>Gain, read noise and offset in grey levels of the file.</summary>
    private static (double Gain, double ReadNoise, double Offset) GreyLevels(Image noisy)
    {
        NoiseEstimate noise = NoiseEstimator.Estimate(noisy);
        double range = noisy.Scale.Range;
        return (noise.Gain * range, noise.ReadNoise * range, noisy.Scale.Black + (noise.Offset * range));
    }
}
