using System.CommandLine;
using System.Globalization;
using Klar.SelfSupervised.ZsN2n;

namespace Klar.Cli.Commands;

/// <summary><c>klar bench train</c>: how fast this machine trains.</summary>
internal sealed class BenchTrainCommand
{
    private readonly Option<int> _size = new("--size") { Description = "Side of the picture in pixels", HelpName = "N", DefaultValueFactory = static _ => 256 };
    private readonly Option<int> _channels = new("--channels") { Description = "Channels of the picture", HelpName = "N", DefaultValueFactory = static _ => 1 };
    private readonly Option<int> _width = new("--width") { Description = "Channels of the hidden layers", HelpName = "N", DefaultValueFactory = static _ => 48 };
    private readonly Option<int> _steps = new("--steps") { Description = "Steps to time; the median counts", HelpName = "N", DefaultValueFactory = static _ => 20 };

    public static Command Create(CancellationToken cancel)
    {
        var self = new BenchTrainCommand();
        var command = new Command("train", "Time the training steps of Zero-Shot Noise2Noise.") { self._size, self._channels, self._width, self._steps };
        command.SetAction(parsed => (int)self.Run(parsed, cancel));
        return command;
    }

    private ExitCode Run(ParseResult parsed, CancellationToken cancel)
    {
        TrainingSpeed speed = TrainingSpeed.Measure(
            InRange(parsed, _size, 8, 16384), InRange(parsed, _channels, 1, 64), InRange(parsed, _width, 1, 1024), InRange(parsed, _steps, 1, 100_000), CommonOptions.Run(parsed), cancel);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(speed, Documents.Default.TrainingSpeed);
        }
        else
        {
            Terminal.Print(string.Create(
                CultureInfo.InvariantCulture,
                $"{speed.MsPerStep:F2} ms a step, {speed.GflopPerStep:F2} GFLOP of direct convolution: {speed.EffectiveGflops:F0} GFLOP/s, {speed.EffectiveGflops / speed.PeakGflops:F2} of the peak of {speed.PeakGflops:F0} GFLOP/s ({speed.Threads} threads)"));
        }

        return ExitCode.Done;
    }

    private static int InRange(ParseResult parsed, Option<int> option, int least, int most)
    {
        int value = parsed.GetValue(option);
        return value >= least && value <= most ? value : throw ExpectedTroubleException.Usage($"{option.Name} {value}: it takes a number from {least} to {most}");
    }
}
