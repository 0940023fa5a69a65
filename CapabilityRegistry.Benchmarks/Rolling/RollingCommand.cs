using System.CommandLine;
using System.Globalization;
using CapabilityRegistry.Benchmarks.Clients;
using CapabilityRegistry.Benchmarks.Proxies;
using CapabilityRegistry.Data;
using CapabilityRegistry.Standalone.Postgres;
using Spectre.Console;

namespace CapabilityRegistry.Benchmarks.Rolling;

/// <summary>Restarts the processes of the API one after the other behind a real proxy under load, and counts who noticed.</summary>
internal static class RollingCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long is restarted.", DefaultValueFactory = _ => 3 };
        var clients = new Option<int>("--clients") { Description = "Clients of each kind: readers, resolvers, writers.", DefaultValueFactory = _ => 4 };
        var pause = new Option<int>("--pause-ms") { Description = "What a client waits between two requests.", DefaultValueFactory = _ => 20 };
        var drain = new Option<int>("--drain-seconds") { Description = "How long a process that was told to stop goes on serving.", DefaultValueFactory = _ => 10 };
        var proxy = new Option<string>("--proxy") { Description = "nginx or haproxy.", DefaultValueFactory = _ => "nginx" };
        proxy.AcceptOnlyFromAmong("nginx", "haproxy");
        var command = new Command("rolling", "Restarts the API's processes one after the other under load, and counts who noticed.") { minutes, clients, pause, drain, proxy };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            new(int.MaxValue, TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(clients), TimeSpan.FromMilliseconds(arguments.GetValue(pause)), arguments.GetValue(drain)),
            arguments.GetValue(proxy)!,
            cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(RollingPlan plan, string proxy, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"registry-rolling-{Environment.ProcessId}");
        await using var server = await EmbeddedPostgres.StartAsync(new() { DataDirectory = folder }, cancellationToken: cancellationToken);
        await DatabaseMigrator.MigrateAsync(server.OwnerConnectionString, server.ConnectionString, cancellationToken);
        var started = TimeProvider.System.GetTimestamp();
        var report = await new RollingScenario(new(server.ConnectionString, server.OwnerConnectionString, folder), plan).RunAsync(
            async (first, second) => proxy == "nginx" ? await Nginx.StartAsync(ProxyFolder.PathOf(proxy), first, second) : await Haproxy.StartAsync(ProxyFolder.PathOf(proxy), first, second), Print, cancellationToken);
        Print(report, TimeProvider.System.GetElapsedTime(started));
        return Finding.Print(report.Findings);
    }

    private static void Print(Restart restart, Samples samples)
    {
        var during = samples.Between(restart.Began, restart.Ready);
        var (gone, ready) = (TimeProvider.System.GetElapsedTime(restart.Began, restart.Gone), TimeProvider.System.GetElapsedTime(restart.Gone, restart.Ready));
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{restart.Name}: gone after {gone.TotalSeconds:f1} s, ready {ready.TotalSeconds:f1} s later; {Describe([.. during.Where(s => s.Kind != "poll")])}"));
    }

    private static void Print(RollingReport report, TimeSpan took)
    {
        var kinds = new Table().AddColumns("kind", "requests", "failed", "p50 ms", "p99 ms", "longest ms");
        foreach (var kind in report.Samples.All.GroupBy(s => s.Kind).OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            kinds.AddRow(kind.Key, $"{kind.Count()}", $"{kind.Count(s => s.Failure is not null)}", Milliseconds(0.5, kind), Milliseconds(0.99, kind), Milliseconds(1, kind));
        }

        AnsiConsole.Write(kinds);
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.Restarts.Count} restarts in {took.TotalSeconds:f0} s; polls aside: {Describe([.. report.Samples.All.Where(s => s.Kind != "poll")])}"));
    }

    private static string Describe(IReadOnlyList<Sample> samples) =>
        $"{samples.Count} requests, {samples.Count(s => s.Failure is not null)} failed, p50 {Milliseconds(0.5, samples)} ms, p99 {Milliseconds(0.99, samples)} ms, longest {Milliseconds(1, samples)} ms";

    private static string Milliseconds(double share, IEnumerable<Sample> samples) => Samples.At(share, samples).TotalMilliseconds.ToString("f1", CultureInfo.InvariantCulture);
}
