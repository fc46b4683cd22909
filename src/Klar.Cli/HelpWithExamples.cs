using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Klar.Cli;

/// <summary>Help as the parser writes it, and then examples to copy.</summary>
internal sealed class HelpWithExamples : SynchronousCommandLineAction
{
    private static readonly Dictionary<string, string[]> Examples = new()
    {
        ["klar"] =
        [
            "klar demo                                     see what Klar does, on a picture it makes itself",
            "klar denoise cells.tif                        -> cells_denoised.tif, same type, same metadata",
            "klar compare clean.tif --noise gaussian:25    the PSNR table of every method",
            "klar serve                                    the page in the browser",
            "klar methods zs-n2n                           paper, assumptions and options of a method",
        ],
        ["demo"] = ["klar demo", "klar demo -o /tmp/look --seed 7"],
        ["denoise"] =
        [
            "klar denoise cells.tif                        measures, chooses a method, says why",
            "klar denoise cells.tif --residual --uncertainty     what was taken out, and how far each pixel may be off",
            "klar denoise cells.tif -m median --set median.size=5 -o clean.tif",
            "klar denoise plate/ -o clean/ --hot-pixels auto",
            "klar denoise cells.tif --strength 0.7         keep a little of the noise",
            "klar denoise 'day1/*.tif' -o clean/ --json    one JSON document with what became of each file",
        ],
        ["compare"] =
        [
            "klar compare clean.tif --noise gaussian:25,poisson:25 --methods median,wiener,zs-n2n",
            "klar compare clean.tif --as-published -o study/     tables and figures of the published comparison",
            "klar compare noisy.png --reference clean.png        a real pair",
            "klar compare clean.tif --noise poisson:25 --repeat 5 -o study/   means and ranges over five seeds",
            "klar compare noisy.png                              no clean partner: methods ranked by expected error",
            "klar compare set12/*.png --noise gaussian:25 --no-clip --json",
        ],
        ["noise"] =
        [
            "klar noise clean.tif --add poisson:25 -o noisy.tif",
            "klar noise clean.png --add gaussian:50 --no-clip -o noisy.tif"
        ],
        ["metrics"] = ["klar metrics clean.tif denoised.tif", "klar metrics long.tif short.tif --affine --range 4095"],
        ["info"] = ["klar info cells.tif", "klar info cells.tif --json"],
        ["methods"] = ["klar methods", "klar methods zs-n2n"],
        ["bench"] = ["klar bench train", "klar bench train --size 512 --channels 3 --threads 1 --json"],
        ["bench train"] = ["klar bench train", "klar bench train --size 512 --channels 3 --threads 1 --json"],
        ["train"] =
        [
            "klar train neighbor2neighbor day1/ -o day1.safetensors        noisy images alone",
            "klar train noise2noise --frames movie.tif -o movie.safetensors",
            "klar train noise2noise --pairs first/ second/ -o cells.safetensors --steps 2000 --resume",
            "klar denoise cells.tif -m cells.safetensors",
        ],
        ["serve"] =
        [
            "klar serve", "klar serve --port 0 --root ~/data --root /scratch",
            "klar serve --listen 192.168.1.20          whoever comes needs the token that is printed"
        ],
        ["page"] =
        [
            "klar page cells.tif --region 100,80,256,256 > part.raw",
            "klar page stack.tif --page 7 --region 100,80,256,256 -m bm3d > part.raw"
        ],
        ["doctor"] = ["klar doctor"],
        ["completion"] =
        [
            "klar completion bash > ~/.local/share/bash-completion/completions/klar",
            "klar completion pwsh | Out-String | Invoke-Expression"
        ],
    };

    private readonly HelpAction _plain = new();

    public override int Invoke(ParseResult parseResult)
    {
        _plain.Invoke(parseResult);
        // There is a 'bench train' beside 'train'.
        Command command = parseResult.CommandResult.Command;
        string name = command.Parents.Any(static parent => parent.Name == "bench")
            ? $"bench {command.Name}"
            : command.Name;
        if (Examples.TryGetValue(name, out string[]? examples))
        {
            Terminal.Print("Examples:");
            foreach (string example in examples)
            {
                Terminal.Print($"  {example}");
            }
        }

        return (int)ExitCode.Done;
    }
}
