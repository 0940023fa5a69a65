using System.Net;
using System.Text.Json;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Tests.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace CapabilityRegistry.Tests.Api.Sockets;

/// <summary>Following the registry over a WebSocket.</summary>
public sealed class SocketTests(RegistryFixture registry) : IClassFixture<RegistryFixture>
{
    private RegistryApp App => registry.App;

    [Fact]
    public async Task What_happens_is_told_in_order_to_those_who_asked_for_it()
    {
        const string tenant = "socket-order";
        await using var all = await SocketClient.ConnectAsync(App, tenant);
        await using var few = await SocketClient.ConnectAsync(App, tenant);
        Assert.Equal(("connected", tenant), (all.Hello.GetProperty("status").GetString(), all.Hello.GetProperty("tenant_id").GetString()));
        var begin = await all.SubscribeAsync();
        await few.SubscribeAsync(null, "capability.*", "composition.created");
        for (var i = 0; i < 5; i++)
        {
            await App.PostAsync("/api/capabilities", Sample.Manifest($"told-{i}"), tenant);
        }

        await App.SendAsync(HttpMethod.Delete, "/api/capabilities/told-4", tenant: tenant);
        await App.PostAsync("/api/capabilities", Sample.Manifest("elsewhere"), "socket-order-other");
        Assert.Equal([.. Enumerable.Range(0, 5).Select(i => $"version.published told-{i} False"), "capability.deleted told-4 True"], (await all.UpdatesAsync(6)).Select(Shown));
        Assert.Equal(["capability.deleted told-4 True"], (await few.UpdatesAsync(1)).Select(Shown));
        Assert.All(all.Updates, u => Assert.True(PositionOf(u) > begin));

        await all.SendAsync("""{"type":"ping"}""");
        Assert.True((await all.NextAsync("pong")).GetProperty("position").GetInt64() >= PositionOf(all.Updates[^1]));
        await all.SendAsync("""{"type":"unsubscribe"}""");
        Assert.True((await all.NextAsync("unsubscribed")).GetProperty("position").GetInt64() >= PositionOf(all.Updates[^1]));
        Assert.Equal(1000, await all.SayGoodbyeAsync());
    }

    [Fact]
    public async Task Whoever_comes_back_gets_what_it_missed_once_and_in_order()
    {
        const string tenant = "socket-resume";
        const int writers = 4, each = 30;
        await App.Tokens.OfAsync(tenant);
        var writing = Task.WhenAll(Enumerable.Range(0, writers).Select(w => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                Assert.Equal(201, (await App.PostAsync("/api/capabilities", Sample.Manifest($"resumed-{w}-{i}"), tenant)).Status);
            }
        })));
        var (got, since, cuts, random) = (new List<long>(), 0L, 0, new Random(7));
        while (got.Count < writers * each)
        {
            await using var client = await SocketClient.ConnectAsync(App, tenant);
            Assert.Equal(since, await client.SubscribeAsync(since, "version.published"));
            var most = Math.Min(random.Next(1, 12), (writers * each) - got.Count);
            got.AddRange((await client.UpdatesAsync(most)).Take(most).Select(PositionOf));
            client.Cut();
            (since, cuts) = (got[^1], cuts + 1);
        }

        await writing;
        var feed = (await App.GetAsync("/api/changes?types=version.published&limit=1000", tenant)).Json.GetProperty("items").EnumerateArray().Select(PositionOf);
        Assert.Equal(feed, got);
        Assert.True(cuts >= 10);
    }

    [Fact]
    public async Task A_new_subscription_goes_on_where_the_one_before_stood()
    {
        const string tenant = "socket-again";
        await using var client = await SocketClient.ConnectAsync(App, tenant);
        await client.SubscribeAsync(null, "composition.*");
        await App.PostAsync("/api/capabilities", Sample.Manifest("again-1"), tenant);
        await client.SubscribeAsync(0, "version.published");
        Assert.Equal("version.published again-1 False", Shown((await client.UpdatesAsync(1))[0]));
        await client.SubscribeAsync(null, "*");
        await App.PostAsync("/api/capabilities", Sample.Manifest("again-2"), tenant);
        Assert.Equal(["version.published again-1 False", "version.published again-2 False"], (await client.UpdatesAsync(2)).Select(Shown));
    }

    [Fact]
    public async Task A_position_that_is_not_kept_any_more_leads_to_the_snapshot()
    {
        const string tenant = "socket-gone";
        await App.PostAsync("/api/capabilities", Sample.Manifest("swept"), tenant);
        await App.PostAsync("/api/capabilities", Sample.Manifest("kept"), tenant);
        var position = (await App.GetAsync("/api/changes", tenant)).Json.GetProperty("position").GetInt64();
        await using var source = NpgsqlDataSource.Create(registry.ConnectionString);
        await using var floor = source.CreateCommand($"UPDATE tenants SET feed_floor = {position - 1} WHERE tenant_id = '{tenant}'");
        await floor.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        await using var client = await SocketClient.ConnectAsync(App, tenant);
        foreach (var since in new[] { position - 2, 1_000_000_000_000 })
        {
            await client.SendAsync($$"""{"type":"subscribe","events":["*"],"since":{{since}}}""");
            var error = await client.NextAsync("error");
            Assert.Equal(("position_gone", "/api/capabilities/export"), (error.GetProperty("code").GetString(), error.GetProperty("snapshot").GetProperty("href").GetString()));
        }

        Assert.Equal(position - 1, await client.SubscribeAsync(position - 1));
        Assert.Single(await client.UpdatesAsync(1));
    }

    [Fact]
    public async Task What_happens_to_clients_is_for_administrators()
    {
        const string tenant = "socket-visible";
        await using var client = await SocketClient.ConnectAsync(App, tenant, Roles.Observer);
        await client.SendAsync("""{"type":"subscribe","events":["client.created"]}""");
        Assert.Equal("/events", (await client.NextAsync("error")).GetProperty("errors")[0].GetProperty("pointer").GetString());
        await client.SubscribeAsync(0);
        await App.PostAsync("/api/clients", """{"client_id":"hidden","roles":["observer"]}""", tenant);
        await App.PostAsync("/api/capabilities", Sample.Manifest("shown"), tenant);
        Assert.Equal("version.published shown False", Shown((await client.UpdatesAsync(1))[0]));
    }

    [Theory]
    [InlineData("{", "", "invalid_json")]
    [InlineData("[]", "/type", "missing_member")]
    [InlineData("{\"type\":1}", "/type", "missing_member")]
    [InlineData("{\"type\":\"subscribr\"}", "/type", "unknown_type")]
    [InlineData("{\"type\":\"ping\",\"x\":1}", "/x", "unknown_member")]
    [InlineData("{\"type\":\"ping\",\"type\":\"ping\"}", "", "invalid_json")]
    [InlineData("{\"type\":\"subscribe\",\"since\":\"1\",\"event\":[]}", "/since /event", "wrong_type unknown_member")]
    [InlineData("{\"type\":\"subscribe\",\"since\":-1,\"events\":[\"version.publish\"]}", "/events /since", "unknown_event_type number_out_of_range")]
    [InlineData("{\"type\":\"edit\"}", "/composition_id /base_revision /patch /client_edit_id", "missing_member missing_member missing_member missing_member")]
    public async Task A_message_that_is_wrong_is_answered_with_all_that_is_wrong(string message, string pointers, string codes)
    {
        await using var client = await SocketClient.ConnectAsync(App, "socket-wrong");
        await client.SendAsync(message);
        var error = await client.NextAsync("error");
        Assert.Equal("invalid_message", error.GetProperty("code").GetString());
        Assert.Equal(pointers.Split(' '), error.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("pointer").GetString()));
        Assert.Equal(codes.Split(' '), error.GetProperty("errors").EnumerateArray().Select(e => e.GetProperty("code").GetString()));
        await client.SendAsync("""{"type":"ping"}""");
        await client.NextAsync("pong");
    }

    [Fact]
    public async Task A_socket_opens_over_http_2_too()
    {
        await using var app = await RegistryApp.StartAsync(
            registry.ConnectionString, configure: builder => builder.WebHost.ConfigureKestrel(kestrel => kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = HttpProtocols.Http2)));
        var token = await app.Tokens.OfAsync("socket-h2");
        await using var client = await SocketClient.OpenAsync(app, "/api/ws/socket-h2", token, options => (options.HttpVersion, options.HttpVersionPolicy) = (HttpVersion.Version20, HttpVersionPolicy.RequestVersionExact));
        await client.SubscribeAsync();
        await App.PostAsync("/api/capabilities", Sample.Manifest("over-two"), "socket-h2");
        Assert.Equal("version.published over-two False", Shown((await client.UpdatesAsync(1))[0]));
    }

    private static string Shown(JsonElement update) =>
        $"{update.GetProperty("event_type").GetString()} {update.GetProperty("capability_code").GetString()} {update.GetProperty("deleted").GetBoolean()}";

    private static long PositionOf(JsonElement update) => update.GetProperty("position").GetInt64();
}
