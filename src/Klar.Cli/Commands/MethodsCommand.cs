using System.CommandLine;
using System.CommandLine.Completions;
using Klar.Catalogue;
using Spectre.Console;

namespace Klar.Cli.Commands;

/// <summary><c>klar methods [NAME]</c></summary>
internal sealed class MethodsCommand
{
    private readonly Argument<string?> _name = new("NAME")
    {
        Description = "A method, to see its paper and options",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static Command Create()
    {
        var self = new MethodsCommand();
        var command = new Command(
            "methods", "The methods, or one of them with paper, assumptions and options.") { self._name };
        self._name.CompletionSources.Add(
            static _ => MethodCatalogue.All.Select(static method => new CompletionItem(method.Name)));
        command.SetAction(parsed => (int)self.Run(parsed));
        return command;
    }

    private ExitCode Run(ParseResult parsed)
    {
        string? name = parsed.GetValue(_name);
        IReadOnlyList<Method> methods = name is null ? MethodCatalogue.All : [MethodChoice.Find(name)];
        if (parsed.GetValue(CommonOptions.Json))
        {
            IReadOnlyList<MethodDocument> documents =
                [.. methods.Select(
                    static m => new MethodDocument(m.Name, m.Summary, m.Paper, m.Assumes, m.Reach, m.Options))];
            Terminal.PrintJson(documents, Documents.Default.IReadOnlyListMethodDocument);
        }
        else if (name is null)
        {
            Overview(methods);
        }
        else
        {
            Details(methods[0]);
        }

        return ExitCode.Done;
    }

    private static void Overview(IReadOnlyList<Method> methods)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns(string.Empty, string.Empty);
        foreach (Method method in methods)
        {
            table.AddRow($"[bold]{Markup.Escape(method.Name)}[/]", Markup.Escape(method.Summary));
        }

        table.AddRow("[bold]noise2noise[/]", "Noise2Noise: trained on two takes of each scene by 'klar train'; like "
            + "every model, its file stands for a method.");
        Terminal.Print(table);
    }

    private static void Details(Method method)
    {
        Terminal.Print($"{method.Name}: {method.Summary}");
        Terminal.Print($"paper    {method.Paper}");
        Terminal.Print($"assumes  {method.Assumes}");
        Terminal.Print(
            $"reach    {(method.Reach is { } pixels ? $"{pixels} pixels at default options" : "the whole image")}");
        var table = new Table { Border = TableBorder.Simple };
        table.AddColumns("option", "default", "unit", "takes", "what it does");
        foreach (MethodOption option in method.Options)
        {
            table.AddRow(new string[]
            {
                $"{method.Name}.{option.Name}",
                option.Default,
                option.Unit,
                option.Range,
                option.Summary
            }.Select(Markup.Escape).ToArray());
        }

        Terminal.Print(table);
    }
}
