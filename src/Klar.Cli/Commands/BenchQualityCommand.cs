using System.CommandLine;
using Klar.Formats;
using Klar.Reports.Quality;

namespace Klar.Cli.Commands;

/// <summary><c>klar bench quality</c>: methods on sets of images, a row a measurement, resumable.</summary>
internal sealed class BenchQualityCommand
{
    private readonly Option<string> _data = new("--data")
    {
        Description = "Folder that holds clean/ and pairs/",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "../shared/data"
    };
    private readonly Option<string> _sets = new("--sets")
    {
        Description = "Sets, with commas between them: folders of clean/, microscopy, study (four of these, 256 x "
            + "256), pairs/NAME (real noise, blind), sequences and frames (page by page and across pages)",
        HelpName = "LIST",
        DefaultValueFactory = static _ => "set12,kodak,mcmaster"
    };
    private readonly Option<string> _noise = new("--noise")
    {
        Description = "Noises to add",
        HelpName = "LIST",
        DefaultValueFactory = static _ => "gaussian:15,gaussian:25,gaussian:50"
    };
    private readonly Option<string> _methods = new("--methods")
    {
        Description = "Methods, with commas between them",
        HelpName = "LIST",
        DefaultValueFactory = static _ => "bm3d,nl-ridge,lichi"
    };
    private readonly Option<bool> _clip = new("--clip")
    {
        Description = "Clip noisy images to 0..1, as a camera does (default: as the literature, no)",
    };
    private readonly Option<bool> _blind = new("--blind") { Description = "Do not tell the methods the noise level" };
    private readonly Option<bool> _full = new("--full")
    {
        Description = "Run zs-n2n, noise2fast and neighbor2neighbor on images larger than 256 x 256 too",
    };
    private readonly Option<string> _effort = new("--effort")
    {
        Description = "How much time klar may take",
        HelpName = "fast|normal|best",
        DefaultValueFactory = static _ => "normal"
    };
    private readonly Option<bool> _separate = new("--separate-channels")
    {
        Description = "Take the channels of colour images one by one",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description =
            "The CSV file: rows that are there are kept, missing ones measured; a Markdown table is written beside it",
        HelpName = "FILE.csv",
        DefaultValueFactory = static _ => "quality.csv",
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new BenchQualityCommand();
        var command = new Command(
            "quality", "Measure methods on sets of clean images with added noise, and on real pairs.")
        {
            self._data, self._sets, self._noise, self._methods, self._clip, self._blind, self._full, self._effort,
            self._separate, self._output,
        };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        string file = parsed.GetValue(_output)!;
        var run = new QualityRun
        {
            DataFolder = parsed.GetValue(_data)!,
            Sets = List(parsed, _sets),
            Noises = [.. List(parsed, _noise).Select(CompareCommand.CheckedNoise)],
            Methods = [.. List(parsed, _methods).Select(MethodChoice.Find)],
            Clip = parsed.GetValue(_clip),
            Blind = parsed.GetValue(_blind),
            Full = parsed.GetValue(_full),
            Effort = MethodChoice.CheckedEffort(parsed.GetValue(_effort)!),
            SeparateChannels = parsed.GetValue(_separate),
            Run = CommonOptions.Run(parsed),
        };
        var terminal = Terminal.Of(parsed);
        List<QualityRow> rows = Known(file);
        int known = rows.Count;
        foreach (QualityRow row in run.Rows(rows.Select(static row => row.Key).ToHashSet(), cancel))
        {
            if (rows.Count == 0)
            {
                File.WriteAllText(file, QualityRow.Header + "\n");
            }

            File.AppendAllText(file, row.ToCsv() + "\n");
            rows.Add(row);
            terminal.Say($"{row.Set}/{row.Image} {row.Noise} {row.Method}: {row.Psnr:F2} dB, {row.Seconds:F2} s");
        }

        AtomicFile.WriteText(Path.ChangeExtension(file, ".md"), QualityTable.ToMarkdown(rows));
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(new QualityDocument(rows, Product.Version), Documents.Default.QualityDocument);
        }
        else
        {
            Terminal.Print(
                $"{rows.Count - known} rows measured, {known} kept: {file}, {Path.ChangeExtension(file, ".md")}");
        }

        return ExitCode.Done;
    }

    private static List<QualityRow> Known(string file)
    {
        try
        {
            return File.Exists(file)
                ? [.. File.ReadLines(file).Skip(1).Where(static line => line.Length > 0).Select(QualityRow.Parse)]
                : [];
        }
        catch (FormatException failure)
        {
            throw UserErrorException.Usage($"{file}: {failure.Message}");
        }
    }

    private static string[] List(ParseResult parsed, Option<string> option) =>
        parsed.GetValue(option)!.Split(',', StringSplitOptions.TrimEntries);
}
