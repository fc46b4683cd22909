using System.CommandLine;
using System.Globalization;
using Klar.Cli.Batch;
using Klar.Formats;
using Klar.Formats.Denoising;
using Spectre.Console;

namespace Klar.Cli.Commands;

/// <summary><c>klar batch DIR -o DIR</c></summary>
internal sealed class BatchCommand
{
    private readonly Argument<string?> _folder = new("DIR")
    {
        Description = "Folder with images; folders below it are looked into, and kept in the output",
        Arity = ArgumentArity.ZeroOrOne
    };
    private readonly Option<string?> _list = new("--file-list")
    {
        Description = "Take the files that this file names, one in a line, instead of a folder's",
        HelpName = "FILE"
    };
    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Folder for the results",
        HelpName = "DIR",
        Required = true,
    };
    private readonly Option<string[]> _include = new("--include")
    {
        Description = "Only files whose name fits, for example '*_raw.tif' or 'day2/*'",
        HelpName = "PATTERN"
    };
    private readonly Option<string[]> _exclude = new("--exclude")
    {
        Description = "No files whose name fits",
        HelpName = "PATTERN",
    };
    private readonly Option<bool> _flat = new("--no-recursive") { Description = "Do not look into folders below" };
    private readonly Option<string?> _shard = new("--shard")
    {
        Description = "Take the i-th of n parts of the files, i from 0; for job arrays",
        HelpName = "i/n"
    };
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Say what would be done, and do nothing" };
    private readonly Option<string> _engine = new("--engine")
    {
        Description = "Run here, or as an array of Slurm jobs",
        HelpName = "local|slurm",
        DefaultValueFactory = static _ => "local"
    };
    private readonly Option<int> _tasks = new("--tasks")
    {
        Description = "Tasks of the Slurm array",
        HelpName = "N",
        DefaultValueFactory = static _ => 4,
    };
    private readonly Option<string> _sbatch = new("--sbatch")
    {
        Description = "Options for sbatch, for example \"--partition=short --time=2:00:00\"",
        HelpName = "OPTIONS",
        DefaultValueFactory = static _ => string.Empty
    };
    private readonly Option<bool> _noWait = new("--no-wait")
    {
        Description = "Return once the jobs are submitted; the same command with --resume looks after them later"
    };
    private readonly DenoiseOptions _options = new();
    private readonly CancellationToken _cancel;

    private BatchCommand(CancellationToken cancel) => _cancel = cancel;

    public static Command Create(CancellationToken cancel)
    {
        var self = new BatchCommand(cancel);
        var command = new Command(
            "batch",
            "Take the noise out of whole folders: a bad file does not end it, and --resume goes on where it stopped.")
        {
            self._folder, self._list, self._output, self._include, self._exclude, self._flat, self._shard,
            self._dryRun, self._engine, self._tasks, self._sbatch, self._noWait,
        };
        self._options.AddTo(command);
        command.SetAction(parsed => (int)self.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        DenoiseRequest request = _options.Bind(parsed);
        bool overwrite = parsed.GetValue(CommonOptions.Overwrite);
        var denoising = new FileDenoising(request, overwrite, Terminal.Of(parsed), _cancel);
        var unreadable = new List<Outcome>();
        IReadOnlyList<BatchFile> files = Files(parsed, unreadable);
        denoising.RefuseLosses(files);
        (int Shard, int Of)? shard = ShardOf(parsed.GetValue(_shard));
        files = shard is var (number, of) ? BatchFiles.Shard(files, number, of) : files;
        if (parsed.GetValue(_dryRun))
        {
            return DryRun(files, unreadable, parsed, request, denoising);
        }

        return parsed.GetValue(_engine) switch
        {
            "local" => Local(files, unreadable, shard, parsed, request, denoising),
            "slurm" when shard is null => Slurm(files, unreadable, parsed, request),
            "slurm" => throw UserErrorException.Usage(
                "--engine slurm divides the files itself: leave --shard to its jobs"),
            var other => throw UserErrorException.Usage($"--engine {other}: it takes local or slurm"),
        };
    }

    private IReadOnlyList<BatchFile> Files(ParseResult parsed, ICollection<Outcome> unreadable) =>
        BatchScenes.Of(Listed(parsed, unreadable), parsed);

    private IReadOnlyList<BatchFile> Listed(ParseResult parsed, ICollection<Outcome> unreadable) =>
        (parsed.GetValue(_folder), parsed.GetValue(_list)) switch
        {
            ({ } folder, null) => BatchFiles.OfFolder(
                folder, Output(parsed), parsed.GetValue(_include) ?? [], parsed.GetValue(_exclude) ?? [],
                !parsed.GetValue(_flat), unreadable),
            (null, { } list) => BatchFiles.OfList(list, Output(parsed)),
            _ => throw UserErrorException.Usage("name a folder, or a list with --file-list, and not both"),
        };

    private string Output(ParseResult parsed) => parsed.GetValue(_output)!;

    private static ExitCode DryRun(
        IReadOnlyList<BatchFile> files, List<Outcome> unreadable, ParseResult parsed, DenoiseRequest request,
        FileDenoising denoising)
    {
        foreach (BatchFile file in files)
        {
            string done = !FileName.IsThere(file.Output) ? string.Empty
                : request.Resumes
                    ? denoising.IsDone(file.Input, file.Output, file.Scene)
                        ? " (done: would be skipped)"
                        : " (would be made anew)"
                : parsed.GetValue(CommonOptions.Overwrite) ? " (would be replaced)" : " (exists: would be refused)";
            Terminal.Print($"{file.Input} -> {file.Output}{done}");
        }

        foreach (Outcome closed in unreadable)
        {
            closed.Tell(Terminal.Of(parsed));
        }

        return unreadable.Count == 0 ? ExitCode.Done : files.Count == 0 ? ExitCode.Failed : ExitCode.SomeFilesFailed;
    }

    private ExitCode Local(
        IReadOnlyList<BatchFile> files, IReadOnlyList<Outcome> unreadable, (int Shard, int Of)? shard,
        ParseResult parsed, DenoiseRequest request, FileDenoising denoising)
    {
        var terminal = Terminal.Of(parsed);
        _options.Contradictions(parsed).ToList().ForEach(terminal.Say);
        if (shard is var (number, of))
        {
            BatchReport.Remove(Output(parsed), number, of);
        }

        var outcomes = new List<Outcome>();
        int tried = 0;
        try
        {
            for (; tried < files.Count; tried++)
            {
                _cancel.ThrowIfCancellationRequested();
                BatchFile file = files[tried];
                Outcome outcome = Outcome.Of(
                    file.Input,
                    () => denoising.Run(file.Input, file.Output, file.Scene));
                outcomes.Add(outcome);
                outcome.Tell(terminal);
            }
        }
        catch (OperationCanceledException) when (_cancel.IsCancellationRequested)
        {
            outcomes.AddRange(files.Skip(tried).Select(static file => new Outcome.Stopped(file.Input)));
        }

        foreach (Outcome closed in unreadable)
        {
            outcomes.Add(closed);
            closed.Tell(terminal);
        }

        DenoisedFile[] rows = [.. outcomes.Select(outcome => outcome.Document(request.Method.Name))];
        var document = new DenoiseDocument(rows, request.Run.Seed, Product.Version);
        BatchReport.Write(Output(parsed), document, shard);
        Say(document, parsed);
        _cancel.ThrowIfCancellationRequested();
        return Outcome.Summary(outcomes);
    }

    private ExitCode Slurm(
        IReadOnlyList<BatchFile> files, IReadOnlyList<Outcome> unreadable, ParseResult parsed, DenoiseRequest request)
    {
        string output = Path.GetFullPath(Output(parsed));
        int tasks = Math.Min(parsed.GetValue(_tasks), files.Count);
        if (tasks < 1)
        {
            throw UserErrorException.Usage("--tasks takes a number from 1 on");
        }

        // Tasks go on where others stopped, and so replace what is not what they would make.
        if (!request.Resumes
            && !parsed.GetValue(CommonOptions.Overwrite)
            && files.FirstOrDefault(static file => FileName.IsThere(file.Output)) is { } existing)
        {
            throw new UserErrorException(
                ExitCode.OutputExists, $"{existing.Output} exists (--resume goes on, --overwrite replaces it)");
        }

        var array = new SlurmArray(output, TaskCommand(files, parsed), tasks, parsed.GetValue(_sbatch)!);
        array.WriteScript();

        // Anew: all shards. Resuming: those whose task was ended, or left files undone.
        int[] shards =
        [
            .. Enumerable.Range(0, tasks).Where(shard => !request.Resumes
                || BatchReport.Read(output, shard, tasks) is not { } done
                || done.Files.Any(static file => file.Status is not ("made" or "skipped"))),
        ];
        foreach (int shard in shards)
        {
            BatchReport.Remove(output, shard, tasks);
        }

        var terminal = Terminal.Of(parsed);
        if (shards.Length > 0)
        {
            string job = array.Submit(shards);
            terminal.Say($"submitted job {job}: {shards.Length} of {tasks} tasks, {files.Count} files (script and "
                + $"logs in {output})");
            if (parsed.GetValue(_noWait))
            {
                return ExitCode.Done;
            }

            SlurmArray.Wait(job, _cancel);
        }

        return Merge(files, unreadable, output, tasks, parsed, request);
    }

    /// <summary>One report of the shards'; files of a task without a report were not done.</summary>
    private static ExitCode Merge(
        IReadOnlyList<BatchFile> files, IReadOnlyList<Outcome> unreadable, string output, int tasks, ParseResult parsed,
        DenoiseRequest request)
    {
        DenoiseDocument?[] shards =
        [
            .. Enumerable.Range(0, tasks).Select(shard => BatchReport.Read(output, shard, tasks))
        ];
        var rows = new List<DenoisedFile>();
        for (int i = 0; i < files.Count; i++)
        {
            rows.Add(shards[i % tasks]?.Files.ElementAtOrDefault(i / tasks)
                ?? new DenoisedFile(
                    files[i].Input, null, request.Method.Name, null, null, null, "lost", [],
                    $"task {i % tasks} ended before its report (--resume submits it again)"));
        }

        rows.AddRange(unreadable.Select(closed => closed.Document(request.Method.Name)));
        var document = new DenoiseDocument(rows, request.Run.Seed, Product.Version);
        BatchReport.Write(output, document, shard: null);
        foreach (DenoisedFile row in rows.Where(static row => row.Error is not null))
        {
            Terminal.Error($"{row.Input}: {row.Error}");
        }

        Say(document, parsed);
        int failed = rows.Count(static row => row.Error is not null);
        return failed == 0 ? ExitCode.Done : failed < rows.Count ? ExitCode.SomeFilesFailed : ExitCode.Failed;
    }

    /// <summary>
    /// What each task runs: this command, with what was asked for, on a list that it does not have to search for.
    /// </summary>
    private List<string> TaskCommand(IReadOnlyList<BatchFile> files, ParseResult parsed)
    {
        string[] own =
        [
            "--engine", "--tasks", "--sbatch", "--no-wait", "--output", "-o", "--file-list", "--include", "--exclude",
            "--no-recursive", "--scene", "--resume", "--dry-run", "--overwrite", "--json",
        ];
        string output = Path.GetFullPath(Output(parsed));
        string list = Path.Combine(output, "klar-batch.list");
        Directory.CreateDirectory(output);
        AtomicFile.WriteText(list, string.Concat(files.Select(static file => BatchFiles.Line(file) + "\n")));
        string[] program = Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Environment.GetCommandLineArgs()[0]]
            : [Environment.ProcessPath!];
        var command = new List<string>(program) { "batch", "--file-list", list, "-o", output, "--resume", "--quiet" };
        if (parsed.GetValue(CommonOptions.Overwrite))
        {
            command.Add("--overwrite");
        }

        foreach (System.CommandLine.Parsing.SymbolResult child in parsed.CommandResult.Children)
        {
            if (child is System.CommandLine.Parsing.OptionResult { Implicit: false } option
                && !own.Contains(option.Option.Name)
                && option.Option.Name != "--quiet")
            {
                command.Add(option.Option.Name);
                command.AddRange(option.Tokens.Select(static token => token.Value));
            }
        }

        return command;
    }

    private static (int Shard, int Of)? ShardOf(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string[] parts = text.Split('/');
        return parts.Length == 2 && int.TryParse(
            parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int shard)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int of) && shard < of
            ? (shard, of)
            : throw UserErrorException.Usage($"--shard {text}: write i/n with i from 0 to n - 1, for example 0/4");
    }

    private static void Say(DenoiseDocument document, ParseResult parsed)
    {
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(document, Documents.Default.DenoiseDocument);
            return;
        }

        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns(string.Empty, string.Empty);
        foreach (IGrouping<string, DenoisedFile> status in document.Files.GroupBy(static file => file.Status).OrderBy(
            static group => group.Key, StringComparer.Ordinal))
        {
            table.AddRow(status.Key, status.Count().ToString(CultureInfo.InvariantCulture));
        }

        Terminal.Print(table);
    }
}
