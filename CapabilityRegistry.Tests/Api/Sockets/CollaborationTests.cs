using System.Text.Json;
using CapabilityRegistry.Data.Identity;
using CapabilityRegistry.Tests.Testing;
using Microsoft.Extensions.Hosting;

namespace CapabilityRegistry.Tests.Api.Sockets;

/// <summary>Several people at one composition, over two processes.</summary>
public sealed class CollaborationTests(RegistryFixture registry, RedisServer redis) : IClassFixture<RegistryFixture>, IClassFixture<RedisServer>
{
    private RegistryApp App => registry.App;

    [Fact]
    public async Task Three_clients_at_two_processes_come_to_the_same_composition_in_the_order_of_the_sequence()
    {
        const string tenant = "together";
        const int edits = 12;
        await using var other = await RegistryApp.StartAsync(registry.ConnectionString);
        var id = await CreateAsync(tenant, "Together");
        var clients = await Task.WhenAll(new[] { App, App, other }.Select(app => SocketClient.ConnectAsync(app, tenant)));
        var results = await Task.WhenAll(clients.Select((client, i) => EditAsync(client, id, $"c{i}", edits)));

        var stored = (await App.GetAsync($"/api/compositions/{id}", tenant)).Json;
        Assert.Equal(3 * edits, stored.GetProperty("configuration").EnumerateObject().Count());
        Assert.Equal(results.Sum(r => r.Applied) + 1, stored.GetProperty("revision").GetInt64());
        var feed = (await App.GetAsync("/api/changes?types=composition.updated&limit=1000", tenant)).Json.GetProperty("items");
        Assert.Equal(results.Sum(r => r.Applied), feed.GetArrayLength());
        foreach (var client in clients)
        {
            var last = await client.ShownAtAsync(feed[feed.GetArrayLength() - 1].GetProperty("position").GetInt64());
            Assert.Equal(stored.GetRawText(), last.GetProperty("composition").GetRawText());
            await client.DisposeAsync();
        }
    }

    [Fact]
    public async Task Edits_of_different_members_merge_and_one_of_a_member_that_was_changed_meanwhile_does_not()
    {
        const string tenant = "merge";
        var id = await CreateAsync(tenant, "Merge");
        await using var one = await SocketClient.ConnectAsync(App, tenant);
        await using var other = await SocketClient.ConnectAsync(App, tenant);
        Assert.Equal(2, RevisionOf(await ApplyAsync(one, id, 1, """{"configuration":{"a":1}}""")));
        Assert.Equal(3, RevisionOf(await ApplyAsync(other, id, 1, """{"description":"Mine"}""")));
        Assert.Equal(4, RevisionOf(await ApplyAsync(one, id, 2, """{"configuration":{"b":2}}""")));
        var third = await ApplyAsync(other, id, 2, """{"configuration":{"c":3}}""");
        Assert.Equal("""{"a":1,"b":2,"c":3}""", third.GetProperty("composition").GetProperty("configuration").GetRawText());

        await other.SendAsync(Edit(id, 2, """{"description":"Yours","configuration":{"b":5,"d":4}}"""));
        var conflict = await other.NextAsync("edit_conflict");
        Assert.Equal(["/description", "/configuration/b"], conflict.GetProperty("members").EnumerateArray().Select(m => m.GetString()));
        Assert.Equal(5, conflict.GetProperty("current").GetProperty("revision").GetInt64());
        Assert.False(conflict.GetProperty("current").GetProperty("configuration").TryGetProperty("d", out _));

        // What is sent again, because the answer was lost, changes nothing and is no conflict.
        Assert.Equal(5, RevisionOf(await ApplyAsync(one, id, 1, """{"configuration":{"b":2}}""")));
    }

    [Fact]
    public async Task An_edit_obeys_the_rules_of_the_request_that_it_stands_for()
    {
        const string tenant = "rules";
        var (id, foreign) = (await CreateAsync(tenant, "Rules"), await CreateAsync("rules-other", "Foreign"));
        await using var reader = await SocketClient.ConnectAsync(App, tenant, Roles.Observer);
        await reader.SendAsync(Edit(id, 1, """{"description":"x"}"""));
        Assert.Equal("forbidden", (await reader.NextAsync("error")).GetProperty("code").GetString());
        await using var writer = await SocketClient.ConnectAsync(App, tenant, Roles.CompositionDesigner);
        foreach (var (body, code) in new[] { (Edit(id, 1, """{"nam":"x"}"""), "validation_error"), (Edit(id, 9, """{"name":"x"}"""), "validation_error"), (Edit(foreign, 1, """{"name":"x"}"""), "resource_not_found"), (Edit(Guid.Empty.ToString(), 1, """{"name":"x"}"""), "resource_not_found") })
        {
            await writer.SendAsync(body);
            var error = await writer.NextAsync("error");
            Assert.Equal((code, "e1"), (error.GetProperty("code").GetString(), error.GetProperty("client_edit_id").GetString()));
        }

        await writer.SendAsync($$"""{"type":"join","composition_id":"{{foreign}}"}""");
        Assert.Equal("not_found", (await writer.NextAsync("error")).GetProperty("errors")[0].GetProperty("code").GetString());
        await ApplyAsync(writer, id, 1, """{"description":"Written"}""");
        var audit = (await App.GetAsync("/api/audit?action=composition.updated", tenant)).Json.GetProperty("items");
        Assert.Equal("composition-designer", Assert.Single(audit.EnumerateArray()).GetProperty("actor").GetString());
    }

    [Fact]
    public async Task Who_is_there_is_shown_and_who_goes_is_missed()
    {
        const string tenant = "presence";
        var id = await CreateAsync(tenant, "Presence");
        await using var one = await SocketClient.ConnectAsync(App, tenant);
        await using var two = await SocketClient.ConnectAsync(App, tenant, Roles.Observer);
        Assert.Equal([one.ConnectionId], Present(await JoinAsync(one, id)));
        Assert.Equal([one.ConnectionId, two.ConnectionId], Present(await JoinAsync(two, id)));
        Assert.Equal("observer", (await PresenceAsync(one, "joined", two)).GetProperty("client_id").GetString());

        await two.SendAsync($$$"""{"type":"state","composition_id":"{{{id}}}","state":{"cursor":"/description"}}""");
        Assert.Equal("""{"cursor":"/description"}""", (await PresenceAsync(one, "state", two)).GetProperty("state").GetRawText());
        await two.SendAsync($$$"""{"type":"state","composition_id":"{{{id}}}","state":{"x":"{{{new string('x', 5_000)}}}"}}""");
        Assert.Equal("/state", (await two.NextAsync("error")).GetProperty("errors")[0].GetProperty("pointer").GetString());
        two.Cut();
        await PresenceAsync(one, "left", two);
    }

    [Fact]
    public async Task A_lock_is_shown_and_keeps_other_locks_away_until_its_owner_goes()
    {
        const string tenant = "locks";
        var id = await CreateAsync(tenant, "Locks");
        await using var one = await SocketClient.ConnectAsync(App, tenant);
        await using var two = await SocketClient.ConnectAsync(App, tenant);
        await JoinAsync(one, id);
        await JoinAsync(two, id);
        await one.SendAsync($$"""{"type":"lock","composition_id":"{{id}}","member":"/configuration"}""");
        await one.NextAsync("locked");
        Assert.Equal("/configuration", (await PresenceAsync(two, "locks", one)).GetProperty("locks")[0].GetProperty("member").GetString());
        foreach (var member in new[] { "/configuration/a", "/configuration", "" })
        {
            await two.SendAsync($$"""{"type":"lock","composition_id":"{{id}}","member":"{{member}}"}""");
            Assert.Equal(one.ConnectionId, (await two.NextAsync("lock_refused")).GetProperty("held_by").GetProperty("connection_id").GetString());
        }

        await two.SendAsync($$"""{"type":"lock","composition_id":"{{id}}","member":"/name"}""");
        await two.NextAsync("locked");
        await ApplyAsync(two, id, 1, """{"configuration":{"a":"in spite of it"}}""");
        await one.SendAsync($$"""{"type":"unlock","composition_id":"{{id}}","member":"/configuration"}""");
        Assert.Equal(0, (await PresenceAsync(two, "locks", one)).GetProperty("locks").GetArrayLength());
        await one.SendAsync($$"""{"type":"lock","composition_id":"{{id}}"}""");
        await one.NextAsync("lock_refused");
        two.Cut();
        await PresenceAsync(one, "left", two);
        await one.SendAsync($$"""{"type":"lock","composition_id":"{{id}}"}""");
        await one.NextAsync("locked");
    }

    [Fact]
    public async Task Whoever_is_at_a_composition_sees_what_requests_do_to_it()
    {
        const string tenant = "requests";
        var id = await CreateAsync(tenant, "Requests");
        await using var client = await SocketClient.ConnectAsync(App, tenant);
        await JoinAsync(client, id);
        await App.SendAsync(HttpMethod.Patch, $"/api/compositions/{id}", """{"description":"By request"}""", tenant: tenant);
        Assert.Equal("By request", (await client.NextAsync("composition", m => RevisionOf(m) == 2)).GetProperty("composition").GetProperty("description").GetString());
        await App.SendAsync(HttpMethod.Delete, $"/api/compositions/{id}", tenant: tenant);
        Assert.Equal(id, (await client.NextAsync("composition_deleted")).GetProperty("composition_id").GetString());
    }

    [Fact]
    public async Task Where_the_feature_is_off_its_messages_are_unknown_and_the_rest_is_as_ever()
    {
        await using var app = await RegistryApp.StartAsync(registry.ConnectionString, settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["Features:RealTimeCollaboration"] = "false" });
        await using var client = await SocketClient.ConnectAsync(app, "switched-off");
        await client.SendAsync($$"""{"type":"join","composition_id":"{{Guid.Empty}}"}""");
        var finding = (await client.NextAsync("error")).GetProperty("errors")[0];
        Assert.Equal("unknown_type", finding.GetProperty("code").GetString());
        Assert.EndsWith("Known: subscribe, unsubscribe, ping.", finding.GetProperty("message").GetString(), StringComparison.Ordinal);
        await client.SubscribeAsync();
    }

    [Fact]
    public async Task Presence_and_locks_cross_processes_by_redis_and_its_loss_hides_nothing_else()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, RedisServer.Missing);
        const string tenant = "replicas";
        await using var here = await WithRedisAsync();
        await using var there = await WithRedisAsync();
        var id = await CreateAsync(tenant, "Replicas");
        await using var one = await SocketClient.ConnectAsync(here, tenant);
        await using var two = await SocketClient.ConnectAsync(there, tenant);
        await JoinAsync(one, id);
        if (!Present(await JoinAsync(two, id)).Contains(one.ConnectionId))
        {
            await PresenceAsync(two, "joined", one);
        }

        await PresenceAsync(one, "joined", two);
        await one.SendAsync($$"""{"type":"lock","composition_id":"{{id}}","member":"/name"}""");
        await PresenceAsync(two, "locks", one);
        await two.SendAsync($$"""{"type":"lock","composition_id":"{{id}}","member":"/name"}""");
        await two.NextAsync("lock_refused");

        await redis.KillAsync();
        await PresenceAsync(one, "left", two);
        await ApplyAsync(two, id, 1, """{"description":"Without Redis"}""");
        await one.NextAsync("composition", m => RevisionOf(m) == 2);
        await redis.RestartAsync();
        await PresenceAsync(one, "joined", two);
        two.Cut();
        await PresenceAsync(one, "left", two);
    }

    private static string Edit(string id, long revision, string patch, string edit = "e1") =>
        $$"""{"type":"edit","composition_id":"{{id}}","base_revision":{{revision}},"patch":{{patch}},"client_edit_id":"{{edit}}"}""";

    private static long RevisionOf(JsonElement message) => message.GetProperty("composition").GetProperty("revision").GetInt64();

    private static IEnumerable<string?> Present(JsonElement joined) => joined.GetProperty("participants").EnumerateArray().Select(p => p.GetProperty("connection_id").GetString());

    private static async Task<JsonElement> ApplyAsync(SocketClient client, string id, long revision, string patch)
    {
        await client.SendAsync(Edit(id, revision, patch));
        return await client.NextAsync("edit_applied");
    }

    private static async Task<JsonElement> JoinAsync(SocketClient client, string id)
    {
        await client.SendAsync($$"""{"type":"join","composition_id":"{{id}}"}""");
        return await client.NextAsync("joined");
    }

    private static async Task<JsonElement> PresenceAsync(SocketClient client, string what, SocketClient who) =>
        (await client.NextAsync("presence", m => m.GetProperty("event").GetString() == what && m.GetProperty("participant").GetProperty("connection_id").GetString() == who.ConnectionId)).GetProperty("participant");

    /// <summary>Edits a member of its own and one that all fight for, based on what it knows; what conflicts is made again on the present state.</summary>
    private static async Task<(int Applied, int Conflicts)> EditAsync(SocketClient client, string id, string name, int edits)
    {
        var (revision, applied, conflicts) = (RevisionOf(await JoinAsync(client, id)), 0, 0);
        for (var i = 0; i < edits;)
        {
            await client.SendAsync(Edit(id, revision, $$$"""{"description":"{{{name}}} {{{i}}}","configuration":{"{{{name}}}-{{{i}}}":{{{i}}}}}""", $"{name}-{i}"));
            var answer = await client.NextAsync("edit_applied", "edit_conflict");
            var isApplied = answer.GetProperty("type").GetString() == "edit_applied";
            revision = answer.GetProperty(isApplied ? "composition" : "current").GetProperty("revision").GetInt64();
            (applied, conflicts, i) = isApplied ? (applied + 1, conflicts, i + 1) : (applied, conflicts + 1, i);
        }

        return (applied, conflicts);
    }

    private async Task<string> CreateAsync(string tenant, string name)
    {
        var created = await App.PostAsync("/api/compositions", $$"""{"name":"{{name}}","requirements":[{"capability_code":"anything"}],"configuration":{ } }""", tenant);
        Assert.Equal(201, created.Status);
        return created.Json.GetProperty("composition_id").GetString()!;
    }

    private Task<RegistryApp> WithRedisAsync() => RegistryApp.StartAsync(
        registry.ConnectionString,
        settings: new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:redis"] = redis.ConnectionString, ["Sockets:PresenceSeconds"] = "1" },
        configure: builder => builder.AddRedisClient("redis"));
}
