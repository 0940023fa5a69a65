using System.Collections.Concurrent;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using CapabilityRegistry.Api;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Standalone.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace CapabilityRegistry.Benchmarks.Http;

/// <summary>How soon a committed write is on the socket, and what idle sockets cost.</summary>
internal static class SocketsCommand
{
    private const string Tenant = "default";
    private const string Timed = "timed-";
    private const int Clients = 16;
    private const int WarmWrites = 200;

    public static Command Create()
    {
        var rate = new Option<int>("--rate") { Description = "Writes a second.", DefaultValueFactory = _ => 200 };
        var seconds = new Option<int>("--seconds") { Description = "How long.", DefaultValueFactory = _ => 15 };
        var idle = new Option<int>("--idle") { Description = "Idle sockets.", DefaultValueFactory = _ => 1_000 };
        var command = new Command("sockets", "Times commits until they are on a WebSocket, and weighs idle sockets.") { rate, seconds, idle };
        command.SetAction((arguments, cancellationToken) => RunAsync(arguments.GetValue(rate), arguments.GetValue(seconds), arguments.GetValue(idle), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(int rate, int seconds, int idle, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Path.GetTempPath(), $"registry-benchmark-{Environment.ProcessId}");
        await using var server = await EmbeddedPostgres.StartAsync(new() { DataDirectory = folder }, cancellationToken: cancellationToken);
        await DatabaseMigrator.MigrateAsync(server.OwnerConnectionString, server.ConnectionString, cancellationToken);
        await using (var api = await ReadHosts.ApiAsync(server.ConnectionString, ("Sockets:PerTenant", "100000"), ("Sockets:PerClient", "100000")))
        {
            var token = await SeedAsync(api, cancellationToken);
            PrintLoad("before");
            await WeighAsync(api, token, idle, cancellationToken);
            await TimeAsync(api, token, rate, seconds, cancellationToken);
            PrintLoad("after");
        }

        Directory.Delete(folder, recursive: true);
        return 0;
    }

    /// <summary>The clients live in this process too, and are counted with the sockets: the figure is an upper bound of what the server needs.</summary>
    private static async Task WeighAsync(WebApplication api, string token, int count, CancellationToken cancellationToken)
    {
        var sockets = new List<ClientWebSocket> { await ConnectAsync(api, token, cancellationToken) };
        var (heap, resident) = Memory();
        while (sockets.Count <= count)
        {
            sockets.Add(await ConnectAsync(api, token, cancellationToken));
        }

        var (fullHeap, fullResident) = Memory();
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{count} idle sockets, subscribed, with their clients in the same process: {(fullHeap - heap) / 1e6:f1} MB of heap, {(fullResident - resident) / 1e6:f1} MB resident, over base"));
        sockets.ForEach(s => s.Abort());
    }

    private static async Task TimeAsync(WebApplication api, string token, int rate, int seconds, CancellationToken cancellationToken)
    {
        using var http = ClientOf(api, token);
        await WarmAsync(http, cancellationToken);
        using var socket = await ConnectAsync(api, token, cancellationToken);
        var (sent, seen) = (new ConcurrentDictionary<string, (long Begin, long End)>(StringComparer.Ordinal), new ConcurrentDictionary<string, long>(StringComparer.Ordinal));
        var total = rate * seconds;
        var reading = ReadAsync(socket, seen, total, cancellationToken);
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            for (var i = client; i < total; i += Clients)
            {
                var due = TimeSpan.FromSeconds((double)i / rate) - Stopwatch.GetElapsedTime(started);
                if (due > TimeSpan.Zero)
                {
                    await Task.Delay(due, TimeProvider.System, cancellationToken);
                }

                await WriteAsync(http, $"{Timed}{i}", sent, cancellationToken);
            }
        }));
        var took = Stopwatch.GetElapsedTime(started);
        await reading;
        Print("committed (answered) until on the socket", sent.Select(s => Stopwatch.GetElapsedTime(s.Value.End, seen[s.Key])), total / took.TotalSeconds);
        Print("request begun until on the socket", sent.Select(s => Stopwatch.GetElapsedTime(s.Value.Begin, seen[s.Key])), total / took.TotalSeconds);
        Print("request begun until answered", sent.Select(s => Stopwatch.GetElapsedTime(s.Value.Begin, s.Value.End)), total / took.TotalSeconds);
    }

    /// <summary>What is compiled and planned once is not what is timed.</summary>
    private static Task WarmAsync(HttpClient http, CancellationToken cancellationToken) => Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
    {
        for (var i = 0; i < WarmWrites; i++)
        {
            await WriteAsync(http, $"warm-{client}-{i}", new(StringComparer.Ordinal), cancellationToken);
        }
    }));

    private static async Task WriteAsync(HttpClient http, string code, ConcurrentDictionary<string, (long Begin, long End)> sent, CancellationToken cancellationToken)
    {
        var begin = Stopwatch.GetTimestamp();
        using var content = new StringContent($$"""{"capability_code":"{{code}}","version":"1.0.0"}""", Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync("/api/capabilities", content, cancellationToken);
        answer.EnsureSuccessStatusCode();
        sent[code] = (begin, Stopwatch.GetTimestamp());
    }

    private static async Task ReadAsync(ClientWebSocket socket, ConcurrentDictionary<string, long> seen, int total, CancellationToken cancellationToken)
    {
        while (seen.Count < total)
        {
            var message = await NextAsync(socket, cancellationToken);
            if (message.TryGetProperty("capability_code", out var code) && code.GetString()!.StartsWith(Timed, StringComparison.Ordinal))
            {
                seen[code.GetString()!] = Stopwatch.GetTimestamp();
            }
        }
    }

    private static async Task<ClientWebSocket> ConnectAsync(WebApplication api, string token, CancellationToken cancellationToken)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {token}");
        await socket.ConnectAsync(new($"{ReadHosts.AddressOf(api).Replace("http:", "ws:", StringComparison.Ordinal)}/api/ws/{Tenant}"), cancellationToken);
        await socket.SendAsync("""{"type":"subscribe","events":["*"]}"""u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        while ((await NextAsync(socket, cancellationToken)).GetProperty("type").GetString() != "subscribed")
        {
        }

        return socket;
    }

    private static async Task<JsonElement> NextAsync(ClientWebSocket socket, CancellationToken cancellationToken)
    {
        var buffer = new byte[4_096];
        for (var length = 0; ;)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), cancellationToken);
            length += received.Count;
            if (received.EndOfMessage)
            {
                return JsonElement.Parse(buffer.AsSpan(0, length));
            }
        }
    }

    private static (long Heap, long Resident) Memory()
    {
        var heap = GC.GetTotalMemory(forceFullCollection: true);
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        using var process = Process.GetCurrentProcess();
        return (heap, process.WorkingSet64);
    }

    private static void Print(string what, IEnumerable<TimeSpan> times, double rate)
    {
        var ordered = times.Order().ToArray();
        double At(double share) => Math.Max(0, ordered[(int)(share * (ordered.Length - 1))].TotalMilliseconds);
        AnsiConsole.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: p50 {At(0.5):f1} ms, p99 {At(0.99):f1} ms, max {At(1):f1} ms of {ordered.Length} at {rate:f0} writes/s"));
    }

    private static void PrintLoad(string when) => AnsiConsole.WriteLine($"load {when}: {(File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Trim() : "unknown")}, {Environment.ProcessorCount} cores");

    private static async Task<string> SeedAsync(WebApplication api, CancellationToken cancellationToken)
    {
        await using var scope = api.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<FirstStart>().RunAsync(makeSecret: true, cancellationToken);
        return (await api.IssueOperatorTokenAsync(cancellationToken))!;
    }

    private static HttpClient ClientOf(WebApplication api, string token)
    {
        var client = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new(ReadHosts.AddressOf(api)) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }
}
