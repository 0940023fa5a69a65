using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Tests.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;

namespace CapabilityRegistry.Tests.Api.Sockets;

/// <summary>What sockets are allowed, and how they end.</summary>
public sealed class SocketEndTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Fact]
    public async Task Who_goes_on_talking_nonsense_is_shown_the_door()
    {
        await using var client = await SocketClient.ConnectAsync(App, "socket-abuse");
        for (var i = 0; i < 40; i++)
        {
            await client.SendAsync("nonsense");
        }

        Assert.Equal(1008, await client.CloseAsync());
    }

    [Fact]
    public async Task More_messages_than_are_accepted_are_not_looked_at()
    {
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: Set(("Sockets:MessageBurst", "5"), ("Sockets:MessagesPerMinute", "1")));
        await using var client = await SocketClient.ConnectAsync(app, "socket-rate");
        for (var i = 0; i < 6; i++)
        {
            await client.SendAsync("""{"type":"ping"}""");
        }

        Assert.Equal("rate_limited", (await client.NextAsync("error")).GetProperty("code").GetString());
    }

    [Fact]
    public async Task A_message_that_is_too_long_or_no_text_ends_the_socket()
    {
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: Set(("Sockets:MessageBytes", "1024")));
        await using var longer = await SocketClient.ConnectAsync(app, "socket-long");
        await longer.SendAsync(new byte[1_000], WebSocketMessageType.Text, isLast: false);
        await longer.SendAsync(new byte[1_000], WebSocketMessageType.Text);
        Assert.Equal(1009, await longer.CloseAsync());
        await using var binary = await SocketClient.ConnectAsync(app, "socket-long");
        await binary.SendAsync([1, 2, 3], WebSocketMessageType.Binary);
        Assert.Equal(1003, await binary.CloseAsync());
    }

    [Fact]
    public async Task Who_does_not_read_for_a_while_loses_nothing()
    {
        const string tenant = "socket-slow";
        const int count = 4_000;
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, configure: SendLittle);
        await using var client = await SocketClient.OpenAsync(app, $"/api/ws/{tenant}", await app.Tokens.OfAsync(tenant), slow: true);
        await client.SubscribeAsync();
        for (var part = 0; part < 4; part++)
        {
            await app.ImportAsync(string.Join('\n', Enumerable.Range(part * 1_000, 1_000).Select(i => Sample.Manifest($"slow-{i:0000}"))), tenant: tenant);
        }

        Assert.Equal(Enumerable.Range(0, count).Select(i => $"version.published slow-{i:0000} False"), (await client.UpdatesAsync(count)).Select(Shown));
    }

    [Fact]
    public async Task Who_does_not_read_at_all_is_cut_off_and_can_go_on_from_what_it_read()
    {
        const string tenant = "socket-stuck";
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: Set(("Sockets:SendSeconds", "1")), configure: SendLittle);
        using var closed = new CloseCodes(app);
        await using var stuck = await SocketClient.OpenAsync(app, $"/api/ws/{tenant}", await app.Tokens.OfAsync(tenant), slow: true);
        var begin = await stuck.SubscribeAsync();
        await app.ImportAsync(string.Join('\n', Enumerable.Range(0, 4_000).Select(i => Sample.Manifest($"stuck-{i:0000}"))), tenant: tenant);
        Assert.Equal(4408, await closed.NextAsync());
        await Assert.ThrowsAnyAsync<WebSocketException>(() => stuck.UpdatesAsync(4_000));
        await using var again = await SocketClient.ConnectAsync(app, tenant);
        await again.SubscribeAsync(stuck.Updates.Count == 0 ? begin : PositionOf(stuck.Updates[^1]));
        var rest = await again.UpdatesAsync(4_000 - stuck.Updates.Count);
        Assert.Equal(Enumerable.Range(0, 4_000).Select(i => $"version.published stuck-{i:0000} False"), stuck.Updates.Concat(rest).Select(Shown));
    }

    [Fact]
    public async Task A_process_that_stops_says_goodbye_with_the_position_to_go_on_from()
    {
        const string tenant = "socket-stop";
        var app = await RegistryApp.StartAsync(registry.ConnectionString);
        await using var client = await SocketClient.ConnectAsync(app, tenant);
        await client.SubscribeAsync();
        await app.PostAsync("/api/capabilities", Sample.Manifest("before-stop"), tenant);
        await client.UpdatesAsync(1);
        var stopping = app.DisposeAsync();
        Assert.Equal(1001, await client.CloseAsync());
        await stopping;
        Assert.True(client.ClosePosition >= PositionOf(client.Updates[0]));

        await App.PostAsync("/api/capabilities", Sample.Manifest("after-stop"), tenant);
        await using var again = await SocketClient.ConnectAsync(App, tenant);
        await again.SubscribeAsync(client.ClosePosition);
        Assert.Equal("version.published after-stop False", Shown((await again.UpdatesAsync(1))[0]));
    }

    [Fact]
    public async Task A_tenant_and_a_client_have_so_many_sockets_and_no_more()
    {
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: Set(("Sockets:PerTenant", "3"), ("Sockets:PerClient", "2")));
        await using var first = await SocketClient.ConnectAsync(app, "socket-many");
        await using var second = await SocketClient.ConnectAsync(app, "socket-many");
        Assert.Equal(HttpStatusCode.TooManyRequests, await SocketClient.RefusedAsync(app, "/api/ws/socket-many", await app.Tokens.OfAsync("socket-many")));
        await using var third = await SocketClient.ConnectAsync(app, "socket-many", Roles.Observer);
        Assert.Equal(HttpStatusCode.TooManyRequests, await SocketClient.RefusedAsync(app, "/api/ws/socket-many", await app.Tokens.OfAsync("socket-many", Roles.Observer)));
        await using var other = await SocketClient.ConnectAsync(app, "socket-many-other");
        using var closed = new CloseCodes(app);
        Assert.Equal(1000, await first.SayGoodbyeAsync());
        await closed.NextAsync();
        await using var again = await SocketClient.ConnectAsync(app, "socket-many");
    }

    private static string Shown(JsonElement update) =>
        $"{update.GetProperty("event_type").GetString()} {update.GetProperty("capability_code").GetString()} {update.GetProperty("deleted").GetBoolean()}";

    private static long PositionOf(JsonElement update) => update.GetProperty("position").GetInt64();

    private static Dictionary<string, string?> Set(params (string Key, string Value)[] settings) => settings.ToDictionary(s => s.Key, s => (string?)s.Value);

    /// <summary>A server whose connections take little before they are read from.</summary>
    private static void SendLittle(WebApplicationBuilder builder) => builder.Services.Configure<SocketTransportOptions>(transport => transport.CreateBoundListenSocket = endpoint =>
    {
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        socket.SendBufferSize = 65_536;
        return socket;
    });
}
