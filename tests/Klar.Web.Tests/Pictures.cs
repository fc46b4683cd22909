using Klar.Formats;
using Klar.Noise;
using Klar.Reports;

namespace Klar.Web.Tests;

/// <summary>Generated files to show.</summary>
internal static class Pictures
{
    /// <summary>A noisy fluorescence picture of 16 bits.</summary>
    public static string Cells(string path, int side = 128, ulong seed = 1)
    {
        Image noisy = NoiseModel.Parse("poisson-gaussian:40:6")
            .AddTo(DemoPicture.Create(side, seed), clip: true, new RunSettings { Seed = seed, Threads = 2 }, default);
        ImageFile.Write(path, new Image(noisy.Planes, new SampleScale(100, 4000, Bounded: true)), SampleType.UInt16);
        return path;
    }

    /// <summary>A picture of three colours.</summary>
    public static string Colours(string path)
    {
        Plane[] planes = [.. Enumerable
            .Range(1, 3)
            .Select(static step => Plane.Create(90, 60, step, static (to, step) =>
        {
            for (int i = 0; i < to.Length; i++)
            {
                to[i] = i * step % 200 / 255f;
            }
        }))];
        ImageFile.Write(path, new Image(planes, SampleScale.EightBit), SampleType.UInt8);
        return path;
    }

    /// <summary>Two channels of nine slices.</summary>
    public static string Stack(string path)
    {
        Assert.Equal(0, RunningServer.Klar("sample", "stack", "-o", path).Code);
        return path;
    }

    /// <summary>The first of three OME-TIFF files, each with a slice; the others are missing.</summary>
    public static string OneOfThree(string path)
    {
        string[] data = [.. Enumerable.Range(0, 3).Select(static z =>
            $"<TiffData IFD=\"0\" FirstZ=\"{z}\" FirstC=\"0\" FirstT=\"0\" PlaneCount=\"1\"><UUID "
                + $"FileName=\"a_z{z}.ome.tif\">urn:uuid:{z}</UUID></TiffData>")];
        string xml = "<OME xmlns=\"http://www.openmicroscopy.org/Schemas/OME/2016-06\" UUID=\"urn:uuid:0\"><Image "
            + "ID=\"Image:0\">"
            + "<Pixels ID=\"Pixels:0\" DimensionOrder=\"XYZCT\" Type=\"uint16\" SizeX=\"64\" SizeY=\"64\" "
            + "SizeZ=\"3\" SizeC=\"1\" SizeT=\"1\">"
            + $"{string.Concat(data)}</Pixels></Image></OME>";
        string plain = path + ".plain.tif";
        Cells(plain, 64);
        LoadedImage loaded = ImageFile.Read(plain);
        File.Delete(plain);
        ImageFile.Write(path, loaded, description: xml);
        return path;
    }

    /// <summary>A file with an image's name and nothing of one.</summary>
    public static string Broken(string path)
    {
        File.WriteAllText(path, "II*\0 nothing of it");
        return path;
    }
}
