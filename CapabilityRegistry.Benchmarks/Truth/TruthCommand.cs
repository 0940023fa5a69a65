using System.CommandLine;
using Spectre.Console;

namespace CapabilityRegistry.Benchmarks.Truth;

/// <summary>Compares the resolver's verdicts with what other tools say of the same catalogues. Exit code 1 when a difference is not a known one.</summary>
internal static class TruthCommand
{
    public static Command Create()
    {
        var data = CatalogueFolder.Option();
        var command = new Command("truth", "Resolves every Debian package, every opam version and the packages that apt solved, and compares.") { data };
        command.SetAction(arguments => Run(arguments.GetValue(data)!.FullName));
        return command;
    }

    private static int Run(string folder)
    {
        var table = new Table().AddColumns("what", "count", "expected", "ours", "differences", "CPU s");
        var differences = new List<string>();
        foreach (var row in DebianTruth.Rows(folder).Concat(OpamTruth.Rows(folder)))
        {
            table.AddRow(row.What, $"{row.Count:n0}", row.Expected, row.Ours, $"{row.Differences.Count}", $"{row.Cpu.TotalSeconds:f2}");
            differences.AddRange(row.Differences.Select(d => $"{row.What}: {d}"));
            AnsiConsole.MarkupLineInterpolated($"[grey]{row.What} done[/]");
        }

        AnsiConsole.Write(table);
        foreach (var difference in differences)
        {
            AnsiConsole.WriteLine(difference);
        }

        return differences.TrueForAll(d => d.EndsWith(OpamTruth.Explained, StringComparison.Ordinal)) ? 0 : 1;
    }
}

/// <summary>One comparison.</summary>
internal sealed record TruthRow(string What, int Count, string Expected, string Ours, IReadOnlyList<string> Differences, TimeSpan Cpu);
