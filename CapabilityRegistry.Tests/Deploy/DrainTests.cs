using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using CapabilityRegistry.Benchmarks.Processes;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>The program of the API as it is deployed, told to stop.</summary>
public sealed class DrainTests(DatabaseServer server) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("registry-drain-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task It_serves_on_without_being_ready_and_ends_what_waits_with_an_answer()
    {
        await using var replica = await StartAsync(drainSeconds: 3);
        using var http = await ClientAsync(replica);
        using var before = await http.GetAsync(new Uri("/api/capabilities", UriKind.Relative), Cancellation);
        Assert.NotEqual(true, before.Headers.ConnectionClose);
        using var socket = await ConnectAsync(replica, http);
        var poll = http.GetStringAsync(new Uri("/api/changes?since=0&types=composition.created&wait=60", UriKind.Relative), Cancellation);

        await replica.TerminateAsync(Cancellation);
        while (await replica.ReadinessAsync(Cancellation) is HttpStatusCode.OK)
        {
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, await replica.ReadinessAsync(Cancellation));
        using var alive = await http.GetAsync(new Uri("/alive", UriKind.Relative), Cancellation);
        using var during = await http.GetAsync(new Uri("/api/capabilities", UriKind.Relative), Cancellation);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, true), (alive.StatusCode, during.StatusCode, during.Headers.ConnectionClose));
        Assert.False(poll.IsCompleted);

        Assert.Empty(JsonElement.Parse(await poll).GetProperty("items").EnumerateArray());
        Assert.Null(await replica.ReadinessAsync(Cancellation));
        Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, await CloseOfAsync(socket));
        Assert.Equal(0, await replica.GoneAsync(Cancellation));
    }

    [Fact]
    public async Task Whoever_has_no_time_says_it_twice()
    {
        await using var replica = await StartAsync(drainSeconds: 600);
        await replica.TerminateAsync(Cancellation);
        while (await replica.ReadinessAsync(Cancellation) is HttpStatusCode.OK)
        {
        }

        await replica.TerminateAsync(Cancellation);
        Assert.Equal(0, await replica.GoneAsync(Cancellation));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private async Task<Replica> StartAsync(int drainSeconds)
    {
        var database = await server.CreateDatabaseAsync();
        var programs = new Programs(database, _folder);
        programs.Set("Shutdown__DrainSeconds", $"{drainSeconds}");
        await programs.MigrateAsync(database, Cancellation);
        var replica = new Replica(programs, "api");
        await replica.StartAsync(Cancellation);
        return replica;
    }

    private static async Task<HttpClient> ClientAsync(Replica replica)
    {
        var http = new HttpClient(new SocketsHttpHandler()) { BaseAddress = replica.Address };
        using var answer = await http.SendAsync(Programs.TokenRequest(), Cancellation);
        http.DefaultRequestHeaders.Authorization = new("Bearer", JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancellation)).GetProperty("access_token").GetString());
        return http;
    }

    private static async Task<ClientWebSocket> ConnectAsync(Replica replica, HttpClient http)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"{http.DefaultRequestHeaders.Authorization}");
        await socket.ConnectAsync(new($"ws://127.0.0.1:{replica.Port}/api/ws/default"), Cancellation);
        return socket;
    }

    private static async Task<WebSocketCloseStatus?> CloseOfAsync(ClientWebSocket socket)
    {
        var buffer = new byte[4096];
        while ((await socket.ReceiveAsync(buffer, Cancellation)).MessageType != WebSocketMessageType.Close)
        {
        }

        await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, Cancellation);
        return socket.CloseStatus;
    }
}
