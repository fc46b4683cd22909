using System.Text.Json;

namespace Klar.Web.Jobs;

/// <summary>What the program says on its way.</summary>
internal sealed class JobProgress(JobStore jobs, Job job)
{
    public Job Job { get; private set; } = job;

    public void Line(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            JsonElement root = document.RootElement;
            Job = root.TryGetProperty("row", out JsonElement row) ? Job with { Rows = [.. Job.Rows, row.Clone()] }
                : root.TryGetProperty("fraction", out JsonElement fraction) ? Job with
                {
                    Fraction = Math.Max(Job.Fraction, fraction.GetDouble()),
                    Stage = root.GetProperty("stage").GetString()!
                }
                : Job;
            jobs.Progress(Job);
        }
        catch (JsonException)
        {
            // A line that is not for us.
        }
    }
}
