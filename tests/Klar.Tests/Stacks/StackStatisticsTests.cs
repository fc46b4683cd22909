using Klar.Catalogue;
using Klar.Noise;
using Klar.Tests.Support;

namespace Klar.Tests;

public sealed class StackStatisticsTests
{
    [Fact]
    public void The_noise_of_all_pages_is_told_to_each()
    {
        // One page alone has other noise: what counts is that of them all.
        Image[] pages = [.. Enumerable.Range(0, 5).Select(static page => Noisy(page == 2 ? 8 : 25, page))];
        var stack = new StackStatistics(pages);
        Assert.InRange(255 * stack.Noise.Sigma, 18, 28);
        Method bm3d = MethodCatalogue.Find("bm3d")!;
        Denoised together = bm3d
            .CreateAware(new Dictionary<string, string>(), new NoiseHandling(), new RunSettings { Stack = stack })
            .Denoise(pages[2]);
        Assert.Equal((float)stack.Noise.Sigma, together.Report.SigmaEstimated);
        Denoised alone = bm3d
            .CreateAware(new Dictionary<string, string>(), new NoiseHandling(), new RunSettings())
            .Denoise(pages[2]);
        Assert.NotEqual(together.Report.SigmaEstimated, alone.Report.SigmaEstimated);
    }

    [Fact]
    public void Auto_decides_once_for_a_stack()
    {
        Image clean = new(Plane.Create(96, 96, 0, static (to, _) => to.Fill(0.5f)));
        Image[] pages = [Noisy(25, 0), Noisy(25, 1), clean];
        var run = new RunSettings { Stack = new StackStatistics(pages) };
        string[] chosen = [.. pages.Select(page => new AutoDenoiser(
            new AutoOptions { Effort = Effort.Fast, Steps = 5 }, run: run).Denoise(page).Report.Settings["why"])];
        Assert.Single(chosen.Distinct());
    }

    [Fact]
    public void Auto_with_other_options_decides_for_itself()
    {
        Image clean = new(Plane.Create(96, 96, 0, static (to, _) => to.Fill(0.5f)));
        var run = new RunSettings { Stack = new StackStatistics([clean]) };
        string Chosen(NoiseHandling handling) =>
            new AutoDenoiser(new AutoOptions { Effort = Effort.Fast, Steps = 5 }, handling, run)
                .Denoise(clean).Report.Settings["chosen"];
        Assert.Equal("none", Chosen(new NoiseHandling()));
        Assert.Equal("klar", Chosen(new NoiseHandling { Sigma = 0.1f }));
        Assert.Equal("none", Chosen(new NoiseHandling()));
    }

    [Fact]
    public async Task A_decision_that_takes_long_holds_up_no_other()
    {
        var stack = new StackStatistics([Noisy(25, 0)]);
        string both = await Task.Run(() => stack.Decided("slow", _ =>
        {
            Task<string> other = Task.Run(() => stack.Decided("quick", static _ => "quick"));
            Assert.True(other.Wait(TimeSpan.FromMinutes(1)), "the other decision waits for this one");
            return other.Result + " and slow";
        }));
        Assert.Equal("quick and slow", both);
        Assert.Equal(both, stack.Decided("slow", static _ => "taken twice"));
    }

    [Fact]
    public void Seeds_of_pages_are_their_own()
    {
        var run = new RunSettings { Seed = 3 };
        ulong[] seeds = [.. Enumerable.Range(0, 50).SelectMany(page => (ulong[])[
            run.ForPage(1, page).Seed, run.ForPage(2, page).Seed, (run with { Seed = 4 }).ForPage(1, page).Seed
        ])];
        Assert.Equal(150, seeds.Distinct().Count());
        Assert.Equal(run.ForPage(1, 7).Seed, run.ForPage(1, 7).Seed);
    }

    private static Image Noisy(float sigma, int seed) =>
        new GaussianNoise(sigma).AddTo(
            new Image(Samples.Picture(96, 96)), clip: false, new RunSettings { Seed = (ulong)seed });
}
