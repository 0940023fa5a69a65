using System.CommandLine;
using System.Globalization;
using CapabilityRegistry.Benchmarks.Clients;
using CapabilityRegistry.Data;
using CapabilityRegistry.Standalone.Postgres;
using Spectre.Console;

namespace CapabilityRegistry.Benchmarks.Soak;

/// <summary>Keeps up a mixed load for long, at a share of what the machine can do, and looks for what grows, fails or gets lost.</summary>
internal static class SoakCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long the load is kept up.", DefaultValueFactory = _ => 30 };
        var share = new Option<double>("--share") { Description = "Of the capacity, which is measured first.", DefaultValueFactory = _ => 0.6 };
        var warming = new Option<int>("--warm-seconds") { Description = "How long everything is kept busy before that.", DefaultValueFactory = _ => 150 };
        var measuring = new Option<int>("--measure-seconds") { Description = "How long the capacity is measured.", DefaultValueFactory = _ => 45 };
        var lanes = new Option<int>("--lanes") { Description = "How many requests are under way at most.", DefaultValueFactory = _ => 32 };
        var command = new Command("soak", "Keeps up a mixed load for long, and looks for what grows, fails or gets lost.") { minutes, share, warming, measuring, lanes };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            new(TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(share), TimeSpan.FromSeconds(arguments.GetValue(warming)), TimeSpan.FromSeconds(arguments.GetValue(measuring)), arguments.GetValue(lanes)),
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(SoakPlan plan, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"registry-soak-{Environment.ProcessId}");
        await using var server = await EmbeddedPostgres.StartAsync(new() { DataDirectory = folder }, cancellationToken: cancellationToken);
        await DatabaseMigrator.MigrateAsync(server.OwnerConnectionString, server.ConnectionString, cancellationToken);
        var report = await new SoakScenario(server, folder, plan, line => AnsiConsole.MarkupLineInterpolated($"{line}")).RunAsync(cancellationToken);
        var kinds = new Table().AddColumns("kind", "requests", "failed", "p50 ms", "p99 ms", "longest ms");
        foreach (var kind in report.Samples.All.GroupBy(s => s.Kind).OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            kinds.AddRow(kind.Key, $"{kind.Count()}", $"{kind.Count(s => s.Failure is not null)}", Milliseconds(0.5, kind), Milliseconds(0.99, kind), Milliseconds(1, kind));
        }

        AnsiConsole.Write(kinds);
        return Finding.Print(report.Findings);
    }

    private static string Milliseconds(double share, IEnumerable<Sample> samples) => Samples.At(share, samples).TotalMilliseconds.ToString("f1", CultureInfo.InvariantCulture);
}
