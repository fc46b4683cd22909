using Klar.NonLocal;
using Klar.Tests.Support;

namespace Klar.Tests.NonLocal;

/// <summary>The search beside its definition: every patch of the window, sorted by distance and nearness.</summary>
[Trait("Category", "Kernel")]
public sealed class PatchSearchTests
{
    public static TheoryData<int, int> Shapes => new()
    {
        { 6, 3 }, { 8, 3 }, { 11, 3 }, { 7, 4 }, { 8, 4 }, { 9, 4 }, { 11, 4 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Groups_are_the_nearest_patches_in_order(int patch, int step)
    {
        var settings = new PatchSearchSettings(patch, step, Radius: 5, GroupSize: 16);
        CheckAll(settings, Samples.Gaussian(61 * 47, seed: 3), 61, 47, mostRows: 4);
    }

    [Fact]
    public void Equal_distances_are_ordered_by_nearness_and_the_reference_is_first()
    {
        float[] flat = new float[30 * 20];
        CheckAll(new PatchSearchSettings(8, 3, Radius: 4, GroupSize: 32), flat, 30, 20, mostRows: 16);
    }

    [Fact]
    public void The_limit_leaves_out_what_is_too_different()
    {
        var settings = new PatchSearchSettings(8, 3, Radius: 6, GroupSize: 32, Limit: 60);
        CheckAll(settings, Samples.Gaussian(40 * 30, seed: 9, sigma: 0.7), 40, 30, mostRows: 5);
    }

    [Fact]
    public void A_picture_of_one_patch_is_a_group_of_one() =>
        CheckAll(
            new PatchSearchSettings(11, 4, Radius: 19, GroupSize: 32), Samples.Gaussian(121, seed: 1), 11, 11,
            mostRows: 16);

    [Theory]
    [MemberData(nameof(Shapes))]
    public void The_bits_are_the_same_at_every_register_width(int patch, int step)
    {
        var settings = new PatchSearchSettings(patch, step, Radius: 5, GroupSize: 16);
        float[] guide = Samples.Gaussian(61 * 47, seed: 3);
        var found = new List<float>();
        Each(settings, guide, 61, 47, mostRows: 4, (
            _, group) => found.AddRange(Array.ConvertAll(group, static position => (float)position)));
        Fingerprints.Matches($"patch search {patch} by {step}", found.ToArray());
    }

    [Theory]
    [InlineData(30, 17, 8, 3)]
    [InlineData(512, 40, 8, 3)]
    [InlineData(23, 300, 9, 4)]
    [InlineData(8, 8, 8, 3)]
    public void The_grid_covers_every_pixel(int width, int height, int patch, int step)
    {
        bool[] covered = new bool[width * height];
        var grid = new ReferenceGrid(width, height, patch, step, mostColumns: 10);
        for (int band = 0; band < grid.Bands; band++)
        {
            foreach (GridTile tile in grid.Tiles(band))
            {
                Assert.InRange(tile.Columns, 1, 10);
                Assert.InRange(tile.Rows, 1, ReferenceGrid.BandRows);
                for (int y = tile.Y; y < tile.Y + ((tile.Rows - 1) * step) + patch; y++)
                {
                    for (int x = tile.X; x < tile.X + ((tile.Columns - 1) * step) + patch; x++)
                    {
                        covered[(y * width) + x] = true;
                    }
                }
            }
        }

        Assert.All(covered, Assert.True);
    }

    private static void CheckAll(PatchSearchSettings settings, float[] guide, int width, int height, int mostRows)
    {
        int groups = 0;
        Each(settings, guide, width, height, mostRows, (reference, group) =>
        {
            Assert.Equal(Definition(settings, guide, width, height, reference % width, reference / width), group);
            Assert.Equal(reference, group[0]);
            groups++;
        });
        Assert.True(groups > 0);
    }

    private static void Each(
        PatchSearchSettings settings, float[] guide, int width, int height, int mostRows, Action<int, int[]> check)
    {
        var search = new PatchSearch(settings, mostRows);
        var grid = new ReferenceGrid(width, height, settings.Patch, settings.Step, search.MaxColumns);
        int[] positions = new int[settings.GroupSize];
        for (int band = 0; band < grid.Bands; band++)
        {
            foreach (GridTile whole in grid.Tiles(band))
            {
                for (int row = 0; row < whole.Rows; row += mostRows)
                {
                    GridTile tile =
                        whole with { Y = whole.Y + (row * settings.Step), Rows = Math.Min(mostRows, whole.Rows - row) };
                    search.Search(guide, width, height, tile, PageWindow.Single);
                    for (int i = 0; i < tile.Columns * tile.Rows; i++)
                    {
                        (int column, int y) = (i % tile.Columns, i / tile.Columns);
                        int count = search.Group(column, y, positions);
                        check(
                            ((tile.Y + (y * settings.Step)) * width) + tile.X + (column * settings.Step),
                            positions[..count]);
                    }
                }
            }
        }
    }

    private static int[] Definition(PatchSearchSettings settings, float[] guide, int width, int height, int x, int y)
    {
        var candidates = new List<(float Distance, int Nearness, int Dy, int Dx)>();
        for (int dy = -settings.Radius; dy <= settings.Radius; dy++)
        {
            for (int dx = -settings.Radius; dx <= settings.Radius; dx++)
            {
                if (x + dx < 0 || y + dy < 0 || x + dx + settings.Patch > width || y + dy + settings.Patch > height)
                {
                    continue;
                }

                // Rounded to what single precision keeps of it, so that ties of the kernel's sums are ties here;
                // random distances are further apart than that.
                double distance = 0;
                for (int i = 0; i < settings.Patch * settings.Patch; i++)
                {
                    int at = ((y + (i / settings.Patch)) * width) + x + (i % settings.Patch);
                    double difference = (double)guide[at] - guide[at + (dy * width) + dx];
                    distance += difference * difference;
                }

                if (distance < settings.Limit)
                {
                    candidates.Add(((float)distance, (dx * dx) + (dy * dy), dy, dx));
                }
            }
        }

        return [.. candidates.Order().Take(settings.GroupSize).Select(c => ((y + c.Dy) * width) + x + c.Dx)];
    }
}
