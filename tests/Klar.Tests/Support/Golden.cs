using System.Runtime.InteropServices;
using System.Text.Json;

namespace Klar.Tests.Support;

/// <summary>
/// Reference values from SciPy, scikit-image, PyWavelets and PyTorch; <c>Golden/make_golden.py</c> made them.
/// </summary>
internal static class Golden
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    public static JsonElement Values { get; } =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "golden.json"))).RootElement;

    /// <summary>The floats of the file whose name begins so and ends with its shape.</summary>
    public static float[] Floats(string name)
    {
        string[] files = Directory
            .GetFiles(Folder, name + "_*.f32")
            .Where(file => IsShape(Path.GetFileNameWithoutExtension(file)[(name.Length + 1)..]))
            .ToArray();
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Assert.Single(files))).ToArray();
    }

    public static Plane Plane(string name, int width, int height) => Klar.Plane.From(width, height, Floats(name));

    /// <summary>Compares; a failure says where the error is worst and how large it is.</summary>
    public static void Matches(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double absolute, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        double worst = -1;
        int at = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs((double)expected[i] - actual[i]);
            if (!(error <= worst))
            {
                (worst, at) = (error, i);
            }
        }

        Assert.True(
            worst <= absolute,
            $"{what}: at {at} expected {expected[at]}, got {actual[at]}: error {worst:E2}, allowed {absolute:E2}");
    }

    private static bool IsShape(string text) => text.All(letter => char.IsAsciiDigit(letter) || letter == 'x');
}
