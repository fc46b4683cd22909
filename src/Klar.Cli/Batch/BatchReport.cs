using System.Globalization;
using System.Text;
using System.Text.Json;
using Klar.Formats;

namespace Klar.Cli.Batch;

/// <summary>
/// The table of what a batch did, beside its results: CSV and JSON; one of each shard, and one of them all.
/// </summary>
internal static class BatchReport
{
    private const string Name = "klar-batch";

    /// <summary>Writes both.</summary>
    /// <param name="folder">The folder of the results.</param>
    /// <param name="document">What was done.</param>
    /// <param name="shard">Which shard; null for the whole.</param>
    public static void Write(string folder, DenoiseDocument document, (int Shard, int Of)? shard)
    {
        Directory.CreateDirectory(folder);
        string stem = Path.Combine(folder, StemOf(shard));
        AtomicFile.WriteText(
            stem + ".json", JsonSerializer.Serialize(document, Documents.Default.DenoiseDocument) + "\n");
        AtomicFile.WriteText(stem + ".csv", Csv(document.Files));
    }

    /// <summary>A shard's report; null where there is none, because its task was ended.</summary>
    public static DenoiseDocument? Read(string folder, int shard, int of)
    {
        string path = Path.Combine(folder, StemOf((shard, of)) + ".json");
        try
        {
            return File.Exists(path)
                ? JsonSerializer.Deserialize(File.ReadAllText(path), Documents.Default.DenoiseDocument)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Takes a shard's report away, before the shard runs again.</summary>
    public static void Remove(string folder, int shard, int of)
    {
        foreach (string file in (string[])[StemOf((shard, of)) + ".json", StemOf((shard, of)) + ".csv"])
        {
            if (File.Exists(Path.Combine(folder, file)))
            {
                File.Delete(Path.Combine(folder, file));
            }
        }
    }

    private static string StemOf((int Shard, int Of)? shard) =>
        shard is var (number, of)
            ? string.Create(CultureInfo.InvariantCulture, $"{Name}.shard-{number}-of-{of}")
            : Name;

    private static string Csv(IReadOnlyList<DenoisedFile> files)
    {
        var csv = new StringBuilder("input,output,status,method,seconds,sigma_estimated,clipped,warnings,error\n");
        foreach (DenoisedFile file in files)
        {
            string?[] fields =
            [
                file.Input, file.Output, file.Status, file.Method, file.Seconds?.ToString(
                    "F2",
                    CultureInfo.InvariantCulture), file.SigmaEstimated?.ToString("F2", CultureInfo.InvariantCulture),
                file.Clipped?.ToString(CultureInfo.InvariantCulture), string.Join("; ", file.Warnings), file.Error,
            ];
            csv.AppendJoin(',', fields.Select(Quoted)).Append('\n');
        }

        return csv.ToString();
    }

    private static string Quoted(string? field) => field is null ? string.Empty
        : field.AsSpan().IndexOfAny(",\"\n\r") < 0 ? field
        : $"\"{field.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
