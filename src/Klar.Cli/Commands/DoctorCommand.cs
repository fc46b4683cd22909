using System.CommandLine;
using System.Runtime.InteropServices;
using Klar.Formats;
using Spectre.Console;

namespace Klar.Cli.Commands;

/// <summary><c>klar doctor</c>: what this machine has, what is missing, and how to get it.</summary>
internal sealed class DoctorCommand
{
    public static Command Create()
    {
        var command = new Command("doctor", "Versions, processor and memory, and what is missing.");
        command.SetAction(static parsed => (int)Run(parsed));
        return command;
    }

    private static ExitCode Run(ParseResult parsed)
    {
        string? failure = Library.Missing();
        var document = new DoctorDocument(
            Product.Version,
            RuntimeInformation.FrameworkDescription,
            $"{RuntimeInformation.OSDescription} ({RuntimeInformation.OSArchitecture})",
            failure is null ? Library.Version() : null,
            Machine.RegisterBits,
            Machine.HasFusedMultiplyAdd,
            Environment.ProcessorCount,
            CommonOptions.Run(parsed).Threads,
            GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            failure is null ? [] : [failure]);
        if (parsed.GetValue(CommonOptions.Json))
        {
            Terminal.PrintJson(document, Documents.Default.DoctorDocument);
        }
        else
        {
            Print(document);
        }

        return failure is null ? ExitCode.Done : ExitCode.Failed;
    }

    private static void Print(DoctorDocument document)
    {
        var table = new Table { Border = TableBorder.None, ShowHeaders = false };
        table.AddColumns(string.Empty, string.Empty);
        table.AddRow("Klar", document.Version);
        table.AddRow(".NET", Markup.Escape(document.Runtime));
        table.AddRow("system", Markup.Escape(document.System));
        table.AddRow("libvips", document.Libvips ?? "missing");
        string multiplyAdd = document.FusedMultiplyAdd
            ? "fused multiply-add"
            : "no fused multiply-add: everything works, slowly";
        table.AddRow("registers", $"{document.RegisterBits} bits, {multiplyAdd}");
        table.AddRow("cores", $"{document.Cores} ({document.Threads} threads by default)");
        table.AddRow("memory", $"{document.MemoryBytes / (1 << 20)} MiB for this process");
        Terminal.Print(table);
        Terminal.Print(
            document.Missing.Count == 0 ? "Nothing is missing." : string.Join(Environment.NewLine, document.Missing));
    }
}
