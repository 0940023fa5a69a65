using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using CapabilityRegistry.Api;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Standalone.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace CapabilityRegistry.Benchmarks.Http;

/// <summary>What knowing the caller costs: a cached point read with a token, beside the same one without authorization, the floor and a constant, in interleaved rounds.</summary>
internal static class AuthorizationCommand
{
    private const int Connections = 8;
    private const string Code = "checkout";

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { DefaultValueFactory = _ => 5 };
        var seconds = new Option<int>("--seconds") { Description = "The length of a round.", DefaultValueFactory = _ => 4 };
        var command = new Command("authorization", "Times an authenticated cached read beside the same read without authorization (needs wrk).") { rounds, seconds };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(rounds), TimeSpan.FromSeconds(arguments.GetValue(seconds)), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int rounds, TimeSpan duration, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"registry-benchmark-{Environment.ProcessId}");
        await using var server = await EmbeddedPostgres.StartAsync(new() { DataDirectory = folder, Durable = false }, cancellationToken: cancellationToken);
        await DatabaseMigrator.MigrateAsync(server.OwnerConnectionString, server.ConnectionString, cancellationToken);
        await using var api = await ReadHosts.ApiAsync(server.ConnectionString);
        var token = await SeedAsync(api, cancellationToken);
        var caller = new Caller("default", "admin", new HashSet<string>(Roles.All), new HashSet<string>(Scopes.All));
        await using var open = await ReadHosts.WithoutAuthorizationAsync(server.ConnectionString, caller);
        await using var uncounted = await ReadHosts.WithoutAnalyticsAsync(server.ConnectionString);
        await using var floor = await ReadHosts.FloorAsync(server.ConnectionString);
        var path = $"/api/capabilities/{Code}";
        await using var constant = await ReadHosts.ConstantAsync(await ReadAsync(api, path, token, cancellationToken));
        (string Name, string Url, string? Token)[] targets =
        [
            ("authenticated", ReadHosts.AddressOf(api) + path, token),
            ("authenticated, not counted", ReadHosts.AddressOf(uncounted) + path, token),
            ("without authorization", ReadHosts.AddressOf(open) + path, null),
            ("floor (Npgsql point read)", $"{ReadHosts.AddressOf(floor)}/{Code}", null),
            ("constant of that size", ReadHosts.AddressOf(constant) + "/", null),
        ];
        var rates = targets.ToDictionary(t => t.Name, _ => new List<double>());
        for (var round = -1; round < rounds; round++)
        {
            foreach (var (name, url, bearer) in targets)
            {
                var rate = await Wrk.RunAsync(url, bearer, Connections, duration, cancellationToken);
                if (round >= 0)
                {
                    rates[name].Add(rate);
                }
            }
        }

        Print(rates);
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static void Print(Dictionary<string, List<double>> rates)
    {
        var medians = rates.ToDictionary(r => r.Key, r => r.Value.Order().ElementAt(r.Value.Count / 2));
        var authenticated = medians["authenticated"];
        var table = new Table().AddColumns("read", "requests/s (median)", "authenticated / this");
        foreach (var (name, median) in medians)
        {
            table.AddRow(name, $"{median:f0}", $"{authenticated / median:f2}");
        }

        AnsiConsole.Write(table);
    }

    private static async Task<string> SeedAsync(WebApplication api, CancellationToken cancellationToken)
    {
        await using var scope = api.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FirstStart>().RunAsync(makeSecret: true, cancellationToken);
        var token = (await api.IssueOperatorTokenAsync(cancellationToken))!;
        var manifest = $$"""{"capability_code":"{{Code}}","version":"1.0.0","description":"{{new string('x', 400)}}","dependencies":[{"capability_code":"payments","version_range":"^3.0.0","dependency_type":"required"}]}""";
        using var client = Client(api, token);
        using var content = new StringContent(manifest, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/api/capabilities", content, cancellationToken);
        answer.EnsureSuccessStatusCode();
        return token;
    }

    private static async Task<byte[]> ReadAsync(WebApplication api, string path, string token, CancellationToken cancellationToken)
    {
        using var client = Client(api, token);
        return await client.GetByteArrayAsync(path, cancellationToken);
    }

    private static HttpClient Client(WebApplication api, string token)
    {
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new(ReadHosts.AddressOf(api)) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
