using System.CommandLine;
using CapabilityRegistry.Benchmarks.Clients;
using CapabilityRegistry.Data;
using CapabilityRegistry.Standalone.Postgres;
using Spectre.Console;

namespace CapabilityRegistry.Benchmarks.Chaos;

/// <summary>Kills API, worker and PostgreSQL (<c>kill -9</c>) at random moments while clients write, and then proves that nothing that was acknowledged is lost, doubled or out of order, that every
/// consumer has caught up and that every event reached the webhook with a valid signature.</summary>
internal static class ChaosCommand
{
    public static Command Create()
    {
        var minutes = new Option<double>("--minutes") { Description = "How long is killed and written.", DefaultValueFactory = _ => 10 };
        var clients = new Option<int>("--clients") { DefaultValueFactory = _ => 16 };
        var pause = new Option<int>("--pause-ms") { Description = "What a client waits between two writes.", DefaultValueFactory = _ => 100 };
        var seed = new Option<int>("--seed") { Description = "Of the kills and the writes.", DefaultValueFactory = _ => 20_261_126 };
        var command = new Command("chaos", "Kills everything at random under writes, and counts what is left.") { minutes, clients, pause, seed };
        command.SetAction((arguments, cancellationToken) => RunAsync(
            new(TimeSpan.FromMinutes(arguments.GetValue(minutes)), arguments.GetValue(clients), TimeSpan.FromMilliseconds(arguments.GetValue(pause)), arguments.GetValue(seed)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(ChaosPlan plan, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"registry-chaos-{Environment.ProcessId}");
        await using var server = await EmbeddedPostgres.StartAsync(new() { DataDirectory = folder }, cancellationToken: cancellationToken);
        await DatabaseMigrator.MigrateAsync(server.OwnerConnectionString, server.ConnectionString, cancellationToken);
        using var supervising = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var revived = server.SuperviseAsync(supervising.Token);
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var system = await RunningSystem.StartAsync(server, folder, cancellationToken);
        await receiver.SubscribeAsync(system, cancellationToken);

        var ledger = new Ledger();
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        writing.CancelAfter(plan.Duration);
        var killer = new Killer(system, server.Cluster, plan.Seed);
        await Task.WhenAll(
        [
            killer.RunAsync(writing.Token),
            ReportAsync(plan, ledger, killer, receiver, writing.Token),
            .. Enumerable.Range(0, plan.Clients).Select(client => new Writer(system, ledger, client, plan).RunAsync(writing.Token)),
        ]);
        Finding[] verdict =
        [
            new("API, worker and PostgreSQL were all killed", Killer.Victims.All(killer.Kills.ContainsKey), string.Join(", ", killer.Kills.Select(k => $"{k.Key} {k.Value}"))),
            .. await new Verdict(system, server.OwnerConnectionString, ledger, receiver).FindAsync(cancellationToken),
        ];
        Print(killer, ledger, receiver, verdict);
        await supervising.CancelAsync();
        await revived.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        return verdict.All(v => v.Holds) ? 0 : 1;
    }

    private static async Task ReportAsync(ChaosPlan plan, Ledger ledger, Killer killer, WebhookReceiver receiver, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(15));
        var started = TimeProvider.System.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                AnsiConsole.MarkupLineInterpolated($"{TimeProvider.System.GetElapsedTime(started).TotalSeconds:f0} of {plan.Duration.TotalSeconds:f0} s: {ledger.Acknowledged} writes acknowledged, {ledger.Uncertain} uncertain, {killer.Kills.Values.Sum()} kills, {receiver.Received} webhooks");
            }
        }
        catch (OperationCanceledException)
        {
            // The time is up.
        }
    }

    private static void Print(Killer killer, Ledger ledger, WebhookReceiver receiver, IReadOnlyList<Finding> verdict)
    {
        AnsiConsole.MarkupLineInterpolated($"Kills: {string.Join(", ", killer.Kills.Select(k => $"{k.Key} {k.Value}"))}. Writes: {ledger.Acknowledged} acknowledged, {ledger.Uncertain} uncertain. Webhooks: {receiver.Received} received, {receiver.Refused} with a bad signature.");
        var table = new Table().AddColumns("what must hold", "", "what was found");
        foreach (var (what, holds, found) in verdict)
        {
            table.AddRow(Markup.Escape(what), holds ? "[green]yes[/]" : "[red]NO[/]", Markup.Escape(found));
        }

        AnsiConsole.Write(table);
    }
}

/// <summary>What is to be done.</summary>
internal sealed record ChaosPlan(TimeSpan Duration, int Clients, TimeSpan Pause, int Seed);
