using CapabilityRegistry.Cli.Http;
using Spectre.Console;

namespace CapabilityRegistry.Cli.Importing;

/// <summary>Shows what became of an import, also of one that stopped on the way.</summary>
internal static class ImportReport
{
    public static async Task WriteAsync(Session session, ImportTally tally, bool completed)
    {
        var summary = tally.Summarise(completed);
        if (session.Json)
        {
            await session.WriteJsonAsync(summary, RegistryJson.Default.ImportSummary, CancellationToken.None);
            return;
        }

        WriteFailures(session.Notices, summary);
        session.Output.Write(Table(summary));
        session.Output.Say($"{summary.Lines:N0} lines in {tally.Elapsed.TotalSeconds:N1} s, {tally.LinesPerSecond:N0}/s{(completed ? "" : "; stopped before the end")}");
    }

    private static Table Table(ImportSummary summary)
    {
        var table = new Table().AddColumns("Created", "Updated", "Unchanged", "Skipped", "Failed");
        foreach (var column in table.Columns)
        {
            column.Alignment = Justify.Right;
        }

        return table.AddRow(new[] { summary.Created, summary.Updated, summary.Unchanged, summary.Skipped, summary.Failed }.Select(n => new Text($"{n:N0}")));
    }

    private static void WriteFailures(IAnsiConsole console, ImportSummary summary)
    {
        foreach (var failure in summary.Failures)
        {
            console.Say(Describe(failure), new(Color.Red));
            foreach (var error in failure.Errors)
            {
                console.Say($"  {error}");
            }
        }

        if (summary.Failed > summary.Failures.Count)
        {
            console.Say($"and {summary.Failed - summary.Failures.Count:N0} more lines failed");
        }
    }

    private static string Describe(ImportFailure failure) =>
        string.Join(' ', new[] { $"line {failure.Line}:", failure.CapabilityCode, failure.Version, failure.ErrorCode }.Where(part => part is { Length: > 0 }));
}
