using System.CommandLine;
using System.Net;
using Klar.Formats.Denoising;
using Klar.Web;

namespace Klar.Cli.Commands;

/// <summary><c>klar serve</c>: the page in the browser.</summary>
internal sealed class ServeCommand
{
    /// <summary>The command's name.</summary>
    public const string Name = "serve";

    private readonly Option<int> _port = new("--port")
    {
        Description = "Port; 0 takes a free one",
        HelpName = "N",
        DefaultValueFactory = static _ => 5080,
    };
    private readonly Option<string?> _listen = new("--listen")
    {
        Description = "Another address than 127.0.0.1, for example 0.0.0.0; whoever comes needs the token that is "
            + "printed",
        HelpName = "ADDRESS",
    };
    private readonly Option<string[]> _root = new("--root")
    {
        Description = "A folder whose images may be opened (may be given again); without one, only files that are "
            + "dropped on the page",
        HelpName = "DIR",
    };
    private readonly Option<string> _state = new("--state")
    {
        Description = "Where uploads, results and the list of jobs are kept",
        HelpName = "DIR",
        DefaultValueFactory = static _ => ".klar"
    };
    private readonly Option<string> _maxUpload = new("--max-upload")
    {
        Description = "The largest file that may be sent",
        HelpName = "SIZE",
        DefaultValueFactory = static _ => "8G"
    };
    private readonly Option<int> _maxFiles = new("--max-files")
    {
        Description = "How many sent files are kept",
        HelpName = "N",
        DefaultValueFactory = static _ => 1000
    };

    public static Command Create(CancellationToken cancel)
    {
        var self = new ServeCommand();
        var command = new Command(
            Name, "The page in the browser, on this machine: drop files, look closely, denoise, compare.")
        {
            self._port,
            self._listen,
            self._root,
            self._state,
            self._maxUpload,
            self._maxFiles
        };
        command.SetAction(async (parsed, _) => (int)await self.Run(parsed, cancel).ConfigureAwait(false));
        return command;
    }

    private async Task<ExitCode> Run(ParseResult parsed, CancellationToken cancel)
    {
        ServerSettings settings = Settings(parsed);
        try
        {
            await KlarServer.Run(settings, address => Ready(address, parsed), cancel).ConfigureAwait(false);
        }
        catch (Exception failure) when (
            failure is IOException or UnauthorizedAccessException or System.Net.Sockets.SocketException)
        {
            throw new UserErrorException(ExitCode.Failed, failure.Message.ReplaceLineEndings(" "));
        }

        cancel.ThrowIfCancellationRequested();
        return ExitCode.Done;
    }

    private static void Ready(string address, ParseResult parsed)
    {
        Terminal.Print(address);
        Console.Out.Flush();
        Terminal.Of(parsed).Say("Open this address in a browser; Ctrl-C ends.");
    }

    private ServerSettings Settings(ParseResult parsed)
    {
        int port = parsed.GetValue(_port);
        if (port is < 0 or > 65535)
        {
            throw UserErrorException.Usage($"--port {port}: it takes a number from 0 to 65535");
        }

        int files = parsed.GetValue(_maxFiles);
        if (files < 1)
        {
            throw UserErrorException.Usage($"--max-files {files}: it takes a number, at least 1");
        }

        IPAddress? listen = null;
        if (parsed.GetValue(_listen) is { } text && !IPAddress.TryParse(text, out listen))
        {
            throw UserErrorException.Usage(
                $"--listen {text}: it takes an address of this machine, for example 192.168.1.20, or 0.0.0.0 for all");
        }

        string[] roots = parsed.GetValue(_root) ?? [];
        if (roots.FirstOrDefault(static root => !Directory.Exists(root)) is { } missing)
        {
            throw new UserErrorException(ExitCode.Failed, $"--root {missing}: there is no such folder");
        }

        return new ServerSettings
        {
            Program = Product.Program,
            State = Path.GetFullPath(parsed.GetValue(_state)!),
            Version = Product.Version,
            Port = port,
            Listen = listen,
            Roots = roots,
            Threads = CommonOptions.Run(parsed).Threads,
            MaxUpload = MemoryPlan.Parse(parsed.GetValue(_maxUpload), _maxUpload.Name)!.Value,
            MaxFiles = files,
        };
    }
}
