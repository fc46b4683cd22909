using Klar.Networks;
using Klar.Tests.Support;

namespace Klar.Tests.Networks;

public sealed class CropsTests
{
    [Fact]
    public void The_eight_orientations_are_different_and_each_has_its_way_back()
    {
        float[] picture = Samples.Gaussian(6, seed: 1); // 3 wide, 2 high
        var seen = new HashSet<string>();
        foreach (Orientation orientation in Orientation.All)
        {
            (int width, int height) = orientation.SizeOf(3, 2);
            float[] laid = orientation.Of(picture, 3, 2);
            Assert.True(seen.Add($"{width} {string.Join(' ', laid)}"));
            Assert.Equal(picture, orientation.Inverse.Of(laid, width, height));
        }

        Assert.Equal(8, seen.Count);
        Assert.Equal(picture, Orientation.All[0].Of(picture, 3, 2));
        // a quarter clockwise
        Assert.Equal([4f, 1, 5, 2, 6, 3], new Orientation(1, false).Of([1, 2, 3, 4, 5, 6], 3, 2));
    }

    [Fact]
    public void Crops_lie_inside_and_reach_every_place_and_orientation()
    {
        var crops = new Crops(seed: 5, width: 9, height: 6, size: 5);
        var drawn = Enumerable.Range(0, 2000).Select(i => crops.At((ulong)i)).ToList();
        Assert.All(drawn, static crop => Assert.True(crop.X is >= 0 and <= 4 && crop.Y is 0 or 1));
        Assert.Equal(5 * 2 * 8, drawn.Distinct().Count());
        Assert.Equal(drawn[7], new Crops(5, 9, 6, 5).At(7));
    }

    [Fact]
    public void A_crop_holds_the_picture_as_it_is_laid()
    {
        float[] picture = Samples.Gaussian(9 * 6, seed: 2);
        var map = new FeatureMap(2, 5, 5);
        var crop = new Crops.Crop(3, 1, new Orientation(1, true));
        new Crops(1, 9, 6, 5).Fill(crop, picture, map, channel: 1);
        float[] cut = [.. Enumerable.Range(0, 25).Select(i => picture[((1 + (i / 5)) * 9) + 3 + (i % 5)])];
        Assert.Equal(crop.Orientation.Of(cut, 5, 5), ReflectPadding.Cut(map, 1, 5, 5));
    }

    [Fact]
    public void A_picture_smaller_than_the_crop_is_mirrored()
    {
        var map = new FeatureMap(1, 4, 4);
        new Crops(1, 2, 1, 4).Fill(new Crops.Crop(0, 0, Orientation.All[0]), [1, 2], map, 0);
        Assert.Equal([1f, 2, 2, 1], ReflectPadding.Cut(map, 0, 4, 1));
    }

    [Fact]
    public void Padding_reflects_without_the_edge_and_is_cut_off_again()
    {
        var map = new FeatureMap(1, 8, 2);
        ReflectPadding.Fill([1, 2, 3], 3, 1, map, 0);
        Assert.Equal([1f, 2, 3, 2, 1, 2, 3, 2], ReflectPadding.Cut(map, 0, 8, 1));
        Assert.Equal([1f, 2, 3], ReflectPadding.Cut(map, 0, 3, 1));
        Assert.Equal((32, 64), (ReflectPadding.SizeOf(32, 32), ReflectPadding.SizeOf(33, 32)));
    }
}
