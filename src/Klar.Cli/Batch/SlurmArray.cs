using System.Diagnostics;
using System.Globalization;
using Klar.Formats;

namespace Klar.Cli.Batch;

/// <summary>A batch as an array of Slurm jobs, a shard each: the script, its submission, and waiting for it.</summary>
internal sealed class SlurmArray(string folder, IReadOnlyList<string> taskCommand, int tasks, string sbatchOptions)
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(2);

    private string Script => Path.Combine(folder, "klar-batch.sbatch");

    /// <summary>Writes the job script.</summary>
    public void WriteScript()
    {
        Directory.CreateDirectory(folder);
        string log = Path.Combine(Path.GetFullPath(folder), "klar-batch.%a.log");
        string command = string.Join(' ', taskCommand.Select(Quoted));
        AtomicFile.WriteText(Script, $"""
            #!/bin/bash
            #SBATCH --job-name=klar-batch
            #SBATCH --output={log}
            # Written by klar batch --engine slurm; each task of the array takes every {tasks}th file.
            exec {command} --shard "$SLURM_ARRAY_TASK_ID/{tasks}"

            """);
    }

    /// <summary>Submits these shards; returns the job's number.</summary>
    /// <exception cref="UserErrorException">Slurm is not there or refuses; the message is its own.</exception>
    public string Submit(IReadOnlyList<int> shards)
    {
        string array = string.Join(',', shards.Select(static shard => shard.ToString(CultureInfo.InvariantCulture)));
        string[] options = sbatchOptions.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        (int code, string output, string error) =
            Run("sbatch", ["--parsable", $"--array={array}", .. options, Script], default);
        return code == 0
            ? output.Trim().Split(';')[0]
            : throw new UserErrorException(
                ExitCode.Failed, $"sbatch refused the job: {error.Trim().ReplaceLineEndings(" ")}");
    }

    /// <summary>Waits until no task of the job is queued or runs.</summary>
    public static void Wait(string job, CancellationToken cancel)
    {
        while (true)
        {
            (int code, string output, _) = Run(
                "squeue", ["--noheader", "--jobs", job, "--states", "PENDING,RUNNING,COMPLETING,CONFIGURING,SUSPENDED"],
                cancel);

            // Slurm forgets jobs that ended some minutes ago, and then calls the number invalid.
            if (code != 0 || output.Trim().Length == 0)
            {
                return;
            }

            if (cancel.WaitHandle.WaitOne(Poll))
            {
                throw new OperationCanceledException(cancel);
            }
        }
    }

    private static (int Code, string Output, string Error) Run(
        string program, IReadOnlyList<string> arguments, CancellationToken cancel)
    {
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        try
        {
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync(cancel);
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return (process.ExitCode, output, error.GetAwaiter().GetResult());
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new UserErrorException(
                ExitCode.Failed, $"there is no {program} here: --engine slurm runs on a machine that can submit jobs");
        }
    }

    private static string Quoted(string argument) => argument.All(static c => char.IsAsciiLetterOrDigit(c)
        || "-_./=:,%+@".Contains(c, StringComparison.Ordinal)) && argument.Length > 0
        ? argument
        : $"'{argument.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
