using System.CommandLine;
using System.CommandLine.Completions;

namespace Klar.Cli.Commands;

/// <summary>
/// <c>klar completion SHELL</c> prints a script for the shell; the script asks <c>klar complete</c> for words.
/// </summary>
internal sealed class CompletionCommand
{
    private const string Bash = """
        # klar completion for bash: klar completion bash > ~/.local/share/bash-completion/completions/klar
        _klar() {
            local words; mapfile -t words < <("${COMP_WORDS[0]}" complete "$COMP_POINT" "$COMP_LINE" 2>/dev/null)
            COMPREPLY=($(compgen -W "${words[*]}" -- "${COMP_WORDS[COMP_CWORD]}"))
            [ ${#COMPREPLY[@]} -gt 0 ] || compopt -o default
        }
        complete -F _klar klar ./klar
        """;

    private const string Zsh = """
        #compdef klar
        # klar completion for zsh: klar completion zsh > "${fpath[1]}/_klar"
        _klar() {
            local -a words; words=("${(@f)$(${words[1]} complete $CURSOR "$BUFFER" 2>/dev/null)}")
            if [ -n "${words[*]}" ]; then compadd -a words; else _files; fi
        }
        compdef _klar klar
        """;

    private const string PowerShell = """
        # klar completion for PowerShell: klar completion pwsh | Out-String | Invoke-Expression
        Register-ArgumentCompleter -Native -CommandName klar -ScriptBlock {
            param($word, $command, $position)
            klar complete $position "$command" 2>$null | Where-Object { $_ -like "$word*" } |
                ForEach-Object { [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_) }
        }
        """;

    private readonly Argument<string> _shell = new("SHELL") { Description = "bash, zsh or pwsh" };
    private readonly Argument<int> _position = new("POSITION");
    private readonly Argument<string> _line = new("LINE");

    /// <summary>The command for users and the hidden one that their shells call.</summary>
    public static IEnumerable<Command> Create(Func<Command> root)
    {
        var self = new CompletionCommand();
        self._shell.AcceptOnlyFromAmong("bash", "zsh", "pwsh");
        var script = new Command(
            "completion", "Print a script that lets your shell complete klar's words.") { self._shell };
        script.SetAction(parsed =>
            Terminal.Print(parsed.GetValue(self._shell) switch { "bash" => Bash, "zsh" => Zsh, _ => PowerShell }));
        var complete = new Command("complete") { self._position, self._line };
        complete.Hidden = true;
        complete.SetAction(parsed => self.Complete(parsed, root()));
        return [script, complete];
    }

    private void Complete(ParseResult parsed, Command root)
    {
        // The line begins with the program's name, however it was called.
        string line = parsed.GetValue(_line)!;
        int name = line.IndexOf(' ', StringComparison.Ordinal);
        string rest = name < 0 ? string.Empty : line[(name + 1)..];
        int position = Math.Clamp(parsed.GetValue(_position) - name - 1, 0, rest.Length);
        foreach (CompletionItem item in root.Parse(rest).GetCompletions(position))
        {
            Terminal.Print(item.InsertText ?? item.Label);
        }
    }
}
