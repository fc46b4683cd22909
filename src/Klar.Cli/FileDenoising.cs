using Klar.Cli.Batch;
using Klar.Formats;
using Klar.Formats.Denoising;
using Klar.Reports.Html;

namespace Klar.Cli;

/// <summary>
/// One file for <c>denoise</c> and <c>batch</c>: who may write what, the run itself, and what stands beside a result.
/// </summary>
/// <param name="request">What is to be done.</param>
/// <param name="overwrite">Whether files that exist are replaced.</param>
/// <param name="terminal">For messages and progress.</param>
/// <param name="cancel">Ends the work.</param>
internal sealed class FileDenoising(
    DenoiseRequest request, bool overwrite, Terminal terminal, CancellationToken cancel)
{
    /// <summary>Every file that a run writes beside and with an output.</summary>
    public IEnumerable<string> Files(string output) => SideOutputs.Files(output, request).Prepend(output);

    /// <summary>
    /// Refuses runs over several files in which one would replace what another made, or has yet to read.
    /// </summary>
    /// <exception cref="UserErrorException">There is such a file.</exception>
    public void RefuseLosses(IReadOnlyList<BatchFile> files)
    {
        BatchFile[] written =
            [.. files.SelectMany(file => Files(file.Output).Select(output => file with { Output = output }))];
        _ = BatchFiles.Distinct(written);
        if (overwrite)
        {
            BatchFiles.RefuseReplacedInputs(written);
        }
    }

    /// <summary>Whether <paramref name="output"/> is what this run would make, as its sidecar tells.</summary>
    public bool IsDone(string input, string output, int? scene) =>
        SidecarFile.Matches(output, input, (request with { Scene = scene }).KeyOfScene, cancel)
        && SideOutputs.Files(output, request).All(File.Exists);

    /// <summary>Denoises a file.</summary>
    /// <param name="input">The file.</param>
    /// <param name="output">The file to write.</param>
    /// <param name="scene">Which of the file's images; null for the only one.</param>
    /// <param name="named">What the input is called in the sidecar, where that is not its path.</param>
    public Outcome Run(string input, string output, int? scene, string? named = null)
    {
        DateTime written = WrittenAt(input);
        using ImageStack stack = ImageStack.Open(input, scene, cancel);
        OutputRights.RefuseInside(input, output);
        OutputFile.MakeFolder(output);
        using FileLock? own = FileLock.Take(output, out string owner);
        if (own is null)
        {
            return new Outcome.Elsewhere(input, owner);
        }

        if (request.Resumes && IsDone(input, output, scene))
        {
            var nothing = new DenoiseReport(
                request.Method.Name, new Dictionary<string, string>(), request.Run.Seed, TimeSpan.Zero);
            return new Outcome.Made(input, output, nothing, 0) { Skipped = true };
        }

        OutputRights.Refuse(
            input, output, SideOutputs.Files(output, request), own, overwrite, request.Resumes, cancel);
        byte[] hash = FileHash.Of(input, cancel);
        if (WrittenAt(input) != written)
        {
            throw FileHash.Changed();
        }

        var outputs = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using IDisposable watch = AtomicFile.Watch((file, unfinished) =>
        {
            string sha256 = Convert.ToHexStringLower(FileHash.Of(unfinished, cancel));
            own.Note(file, sha256);
            outputs[Path.GetFileName(file)] = sha256;
        });
        try
        {
            var denoiser = new FileDenoiser(stack, output, request with { Scene = scene }, hash, cancel);
            FileResult result = Denoised(denoiser, stack.Path);
            WriteCompanions(denoiser, result, stack, output, named ?? input, hash, outputs);
            return new Outcome.Made(stack.Path, output, result.Report, result.Clipped)
            {
                Pages = result.Pages,
                Note = Notes(stack, denoiser.Axes),
            };
        }
        catch
        {
            // Without its sidecar, for which there was no room perhaps, a result would stand in the way of the next
            // run.
            foreach (string made in Files(output)
                .Where(file => OutputRights.Is(file, outputs.GetValueOrDefault(Path.GetFileName(file)))))
            {
                FileName.Remove(made);
            }

            throw;
        }
    }

    private FileResult Denoised(FileDenoiser denoiser, string path)
    {
        MemoryPlan plan = denoiser.Plan;
        if (request.MaxMemory is not null || plan.TileSide is not null)
        {
            string tiles = plan.TileSide is { } side ? $", in tiles of {side} x {side}" : string.Empty;
            terminal.Say($"{path}: about {MemoryPlan.Text(plan.Bytes)} of memory{tiles}");
        }

        if (plan.TileSide is not null || request.MaxMemory is not null)
        {
            // What a tile or a page took is to be used again for the next one.
            MachineMemory.KeepWithin(request.MaxMemory ?? MemoryPlan.Default);
        }

        try
        {
            return terminal.WithProgress(denoiser.Run);
        }
        catch (OperationCanceledException) when (denoiser.IsStack)
        {
            string goesOn = request.Run.WarmStart is null ? " (--resume goes on there)" : string.Empty;
            terminal.Say($"{path}: stopped after page {denoiser.Done} of {denoiser.Pages.Count}{goesOn}");
            throw;
        }
    }

    private void WriteCompanions(
        FileDenoiser denoiser, FileResult result, ImageStack stack, string output, string named, byte[] hash,
        SortedDictionary<string, string> outputs)
    {
        JudgedPage? judged = result.Judged;
        if (request.WritesReport)
        {
            DenoisingReport.Write(
                SideOutputs.ReportOf(output), stack.Path, judged!.Noisy, new Denoised(judged.Result, result.Report),
                judged.Noise, judged.Trust, Product.Run(request.Run with { Threads = denoiser.Plan.Threads }));
        }

        StackDocument? pages = denoiser.IsStack
            ? new StackDocument(denoiser.Axes.Order + "YX", result.Pages, denoiser.Axes.Source)
            : null;
        SidecarFile.Write(
            output, named, hash, (request with { Scene = stack.Scene }).KeyOfScene, result.Report,
            judged is null ? null : SidecarFile.Document(judged.Trust, judged.Noisy, judged.Result),
            pages, result.Type, outputs, judged?.Noisy.Scale);
    }

    private static string? Notes(ImageStack stack, StackAxes axes) => stack.Warning ?? (axes.IsUnknown
        ? "nothing says what the pages are (--axes names them): each was taken for itself, and their noise as one"
        : null);

    private static DateTime WrittenAt(string input) => File.GetLastWriteTimeUtc(OutputRights.RealPath(input));
}
