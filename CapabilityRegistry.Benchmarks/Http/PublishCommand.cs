using System.CommandLine;
using System.Diagnostics;
using System.Net;
using System.Text;
using CapabilityRegistry.Api;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Standalone.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Spectre.Console;

namespace CapabilityRegistry.Benchmarks.Http;

/// <summary>What the log costs: single versions published by several clients to a server that waits for the disk, beside the same writes without the event, and the floor's bare INSERT, in
/// interleaved rounds.</summary>
/// <remarks>The event append is taken away by a rule of the database (<c>ON INSERT TO events DO INSTEAD NOTHING</c>): the program is the same to the last instruction, and nothing is left to be
/// sequenced.</remarks>
internal static class PublishCommand
{
    private const string WithLog = "publish";
    private const string WithoutLog = "publish, event append removed";
    private const string Floor = "floor (Npgsql bare INSERT)";

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5 };
        var seconds = new Option<int>("--seconds") { Description = "The length of a round.", DefaultValueFactory = _ => 5 };
        var clients = new Option<int>("--clients") { DefaultValueFactory = _ => 8 };
        var command = new Command("publish", "Times single publishes beside the same writes without the event log and beside a bare INSERT.") { rounds, seconds, clients };
        command.SetAction((arguments, cancellationToken) =>
            RunAsync(arguments.GetValue(rounds), TimeSpan.FromSeconds(arguments.GetValue(seconds)), arguments.GetValue(clients), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int rounds, TimeSpan duration, int clients, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"registry-benchmark-{Environment.ProcessId}");
        await using var server = await EmbeddedPostgres.StartAsync(new() { DataDirectory = folder }, cancellationToken: cancellationToken);
        await using var logged = await ApiAsync(server, "logged", cancellationToken);
        await using var unlogged = await ApiAsync(server, "unlogged", cancellationToken);
        var tokens = new Dictionary<string, string> { [WithLog] = await SeedAsync(logged, cancellationToken), [WithoutLog] = await SeedAsync(unlogged, cancellationToken) };
        await ExecuteAsync(server, "unlogged", "CREATE RULE no_events AS ON INSERT TO events DO INSTEAD NOTHING", cancellationToken);
        await using var floor = await ReadHosts.InsertFloorAsync(OwnerOf(server, "logged"));
        (string Name, Uri Address)[] targets = [(WithLog, new(ReadHosts.AddressOf(logged))), (WithoutLog, new(ReadHosts.AddressOf(unlogged))), (Floor, new(ReadHosts.AddressOf(floor)))];
        var rates = targets.ToDictionary(t => t.Name, _ => new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            foreach (var (name, address) in targets)
            {
                var rate = await MeasureAsync(address, tokens.GetValueOrDefault(name), $"r{round + 1}", clients, duration, cancellationToken);
                if (round >= 0)
                {
                    rates[name].Add(rate);
                }
            }
        }

        Print(rates, clients);
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task<WebApplication> ApiAsync(EmbeddedPostgres server, string database, CancellationToken cancellationToken)
    {
        await server.EnsureDatabaseAsync(database, cancellationToken);
        await DatabaseMigrator.MigrateAsync(OwnerOf(server, database), server.ConnectionStringFor(database), cancellationToken);
        return await ReadHosts.ApiAsync(server.ConnectionStringFor(database));
    }

    private static string OwnerOf(EmbeddedPostgres server, string database) => new NpgsqlConnectionStringBuilder(server.OwnerConnectionString) { Database = database }.ConnectionString;

    private static async Task<string> SeedAsync(WebApplication api, CancellationToken cancellationToken)
    {
        await using var scope = api.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FirstStart>().RunAsync(makeSecret: true, cancellationToken);
        return (await api.IssueOperatorTokenAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(EmbeddedPostgres server, string database, string sql, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(OwnerOf(server, database));
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Every client publishes one capability after the other, each its own, as fast as it is answered.</summary>
    /// <returns>Publishes per second.</returns>
    private static async Task<double> MeasureAsync(Uri address, string? token, string round, int clients, TimeSpan duration, CancellationToken cancellationToken)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, clients).Select(async client =>
        {
            using var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = address };
            http.DefaultRequestHeaders.Authorization = token is null ? null : new("Bearer", token);
            var count = 0;
            for (; Stopwatch.GetElapsedTime(started) < duration; count++)
            {
                var manifest = $$"""{"capability_code":"{{round}}-{{client}}-{{count}}","version":"1.0.0","description":"Published by a benchmark","category":"benchmark","dependencies":[{"capability_code":"payments","version_range":"^3.0.0","dependency_type":"required"}]}""";
                using var content = new StringContent(manifest, Encoding.UTF8, "application/json");
                using var answer = await http.PostAsync("/api/capabilities", content, cancellationToken);
                if (answer.StatusCode is not HttpStatusCode.Created)
                {
                    throw new InvalidOperationException($"{address}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync(cancellationToken)}");
                }
            }

            return count;
        }));
        return counts.Sum() / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static void Print(Dictionary<string, List<double>> rates, int clients)
    {
        var medians = rates.ToDictionary(r => r.Key, r => r.Value.Order().ElementAt(r.Value.Count / 2));
        var table = new Table().AddColumns($"write, {clients} clients", "writes/s (median)", "publish / this");
        foreach (var (name, median) in medians)
        {
            table.AddRow(name, $"{median:f0}", $"{medians[WithLog] / median:f2}");
        }

        AnsiConsole.Write(table);
    }
}
