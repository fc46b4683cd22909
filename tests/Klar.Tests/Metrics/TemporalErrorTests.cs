using Klar.Metrics;

namespace Klar.Tests.Metrics;

public sealed class TemporalErrorTests
{
    [Fact]
    public void A_constant_error_is_one_of_the_mean_and_an_alternating_one_of_the_changes()
    {
        (double means, double changes) = Of(static page => 0.1f);
        Assert.Equal((0.1, 0), (Math.Round(means, 6), Math.Round(changes, 6)));
        (means, changes) = Of(static page => page % 2 == 0 ? 0.1f : -0.1f);
        Assert.Equal((0, 0.2), (Math.Round(means, 6), Math.Round(changes, 6)));
    }

    [Fact]
    public void One_page_has_no_changes()
    {
        var error = new TemporalError();
        error.Add(Page(0), Page(0.5f));
        Assert.Equal((0.5, 0), (Math.Round(error.OfMeans, 6), error.OfDifferences));
    }

    [Fact]
    public void Pages_of_other_sizes_are_refused()
    {
        var error = new TemporalError();
        Assert.Throws<ArgumentException>(() => error.Add(Page(0), new Image(Plane.From(2, 2, new float[4]))));
    }

    private static (double Means, double Changes) Of(Func<int, float> off)
    {
        var error = new TemporalError();
        for (int page = 0; page < 6; page++)
        {
            error.Add(Page(0.1f * page), Page((0.1f * page) + off(page)));
        }

        return (error.OfMeans, error.OfDifferences);
    }

    private static Image Page(float value) =>
        new(Plane.Create(5, 4, value, static (to, sample) => to.Fill(sample)));
}
