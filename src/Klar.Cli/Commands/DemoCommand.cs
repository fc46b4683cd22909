using System.CommandLine;
using Klar.Catalogue;
using Klar.Formats;
using Klar.Noise;
using Klar.Reports;
using Klar.Reports.Html;

namespace Klar.Cli.Commands;

/// <summary><c>klar demo</c>: the main job on a picture that Klar makes itself.</summary>
internal sealed class DemoCommand
{
    private const int Side = 256;
    private const int TrainingSteps = 100;
    private const string Noises = "gaussian:25,poisson:25,uniform:0.2";

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Folder for pictures and tables",
        HelpName = "DIR",
        DefaultValueFactory = static _ => "klar-demo",
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new DemoCommand();
        var command = new Command(
            "demo",
            "Add noise to a generated fluorescence picture, run every method, print the table.") { self._output };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        RunSettings run = CommonOptions.Run(parsed);
        string folder = parsed.GetValue(_output)!;
        var terminal = Terminal.Of(parsed);
        Directory.CreateDirectory(folder);

        Image clean = DemoPicture.Create(Side, run.Seed);
        string picture = Path.Combine(folder, "clean.png");
        ImageFile.Write(picture, clean, SampleType.UInt8, cancel);
        terminal.Say(
            $"The picture is {picture}, {Side}x{Side}. To end within a minute, zs-n2n trains "
            + $"{TrainingSteps} steps instead of the study's 3000, and klar runs at effort fast.");

        bool json = parsed.GetValue(CommonOptions.Json);
        bool grows = !json && !Console.IsOutputRedirected
            && !parsed.GetValue(CommonOptions.Quiet) && !parsed.GetValue(CommonOptions.Attached);
        var rows = new List<ComparisonRow>();
        var report = new ComparisonReport();
        void Compare(IProgress<DenoiseProgress>? progress, Action<ComparisonRow>? judged)
        {
            var comparison = new Comparison
            {
                Methods = [.. MethodCatalogue.Comparable.Select(
                    method => new NamedDenoiser(method.Name, Denoiser(method, run)))],
                Noises = Noises.Split(','),
                Run = run,
                Judged = judged,
            };
            foreach (ComparisonCase one in comparison.Cases([new ComparisonInput("demo", clean)], progress, cancel))
            {
                rows.AddRange(one.Results.Select(static result => result.Row));
                Figure.Write(Path.Combine(folder, ComparisonFiles.Figure("demo", one.Noise)), one);
                report.Add(one);
            }
        }

        if (grows)
        {
            GrowingTable.While(table => Compare(table, table.Add));
        }
        else
        {
            terminal.WithProgress(progress =>
            {
                Compare(progress, row => terminal.Tell(new RowDocument(row), Documents.Default.RowDocument));
                return true;
            });
            ComparisonFiles.Print([.. rows], run, json);
        }

        ComparisonFiles.WriteTables(folder, [.. rows], run);
        report.Write(Path.Combine(folder, ComparisonFiles.Report), Product.Run(run));
        terminal.Say($"The figures are {Path.Combine(folder, "demo_*.png")}, the table is "
            + $"{Path.Combine(folder, "table.{csv,json,md,tex}")}; "
            + $"{Path.Combine(folder, ComparisonFiles.Report)} has it all, for a browser.");
        string[] study = ["klar", "compare", picture, "--noise", Noises, "--seed", $"{run.Seed}", "-o",
            Path.Combine(folder, "study")];
        terminal.Say($"The full study takes some minutes: {CommandText.Of(study)}");
        return ExitCode.Done;
    }

    private static IDenoiser Denoiser(Method method, RunSettings run)
    {
        var settings = new Dictionary<string, string>();
        if (method.Training == TrainingLength.Short)
        {
            settings["steps"] = $"{TrainingSteps}";
        }
        else if (method.TakesEffort)
        {
            settings["effort"] = "fast";
        }

        return method.CreateAware(settings, new NoiseHandling(), run);
    }
}
