using System.Text.Json.Nodes;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Search.Elasticsearch;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Tests.Testing.Elasticsearch;
using CapabilityRegistry.Worker.Search;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace CapabilityRegistry.Tests.Search;

public sealed class SearchIndexerTests(DatabaseServer server, SearchEngine engine) : IClassFixture<SearchEngine>, IAsyncLifetime
{
    private SearchedApp _app = null!;

    private IndexNames Names => _app.Service<IndexNames>();

    public async ValueTask InitializeAsync() => _app = await SearchedApp.StartAsync(server, engine, ("Relay:Attempts", "2"), ("Relay:LongestPauseSeconds", "1"));

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Every_kind_of_change_reaches_the_index()
    {
        await _app.RegisterAsync("alpha");
        await _app.UntilIndexedAsync(await _app.WriteAsync(HttpMethod.Patch, "/api/capabilities/alpha", """{"description":"Speaks of zebras","category":"animals"}"""));
        Assert.Equal(["alpha"], (await _app.SearchAsync("search=zebra&category=animals")).Codes);

        await _app.UntilIndexedAsync(await _app.WriteAsync(HttpMethod.Post, "/api/capabilities/alpha/versions", Sample.Manifest("alpha", "2.0.0", more: "\"long_description\":\"x\"")));
        Assert.Empty((await _app.SearchAsync("search=zebra")).Codes);

        await _app.WriteAsync(HttpMethod.Post, "/api/capabilities/alpha/versions/1.0.0/retire", """{"reason":"old"}""");
        await _app.UntilIndexedAsync(await _app.WriteAsync(HttpMethod.Post, "/api/capabilities/alpha/versions/2.0.0/retire", """{"reason":"old"}"""));
        Assert.Equal(["alpha"], (await _app.SearchAsync("search=alpha&status=retired")).Codes);

        await _app.UntilIndexedAsync(await _app.WriteAsync(HttpMethod.Delete, "/api/capabilities/alpha"));
        Assert.Empty((await _app.SearchAsync("search=alpha")).Codes);

        await _app.UntilIndexedAsync(await _app.WriteAsync(HttpMethod.Post, "/api/capabilities/alpha/restore"));
        Assert.Equal(["alpha"], (await _app.SearchAsync("search=alpha")).Codes);
    }

    [Fact]
    public async Task Events_that_come_late_or_again_change_nothing()
    {
        Assert.SkipUnless(SearchEngine.IsOurs, SearchEngine.OnlyOurs);
        await _app.RegisterAsync("gone");
        await _app.RegisterAsync("kept");
        await _app.WriteAsync(HttpMethod.Patch, "/api/capabilities/kept", """{"description":"newer"}""");
        await _app.UntilIndexedAsync(await _app.WriteAsync(HttpMethod.Delete, "/api/capabilities/gone"));
        var before = Documents(Names.Write);

        await using var connection = await _app.Service<SystemDatabase>().OpenAsync(TestContext.Current.CancellationToken);
        var events = await EventReader.ReadAsync(connection, 0, 100, TestContext.Current.CancellationToken);
        events.Reverse();
        var indexer = _app.Service<IEnumerable<IEventConsumer>>().OfType<SearchIndexer>().Single();
        foreach (var batch in events.Chunk(1).Concat(events.Chunk(3)))
        {
            await indexer.HandleAsync(batch, TestContext.Current.CancellationToken);
        }

        Assert.Equal(before, Documents(Names.Write));
        Assert.Contains(before, document => document.Contains("\"deleted\":true", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_tombstone_keeps_an_older_state_out()
    {
        Assert.SkipUnless(SearchEngine.IsOurs, SearchEngine.OnlyOurs);
        var alive = await _app.RegisterAsync("mortal");
        var id = (await _app.App.GetAsync("/api/capabilities/mortal")).Json.GetProperty("capability_id").GetGuid();
        await _app.UntilIndexedAsync(await _app.WriteAsync(HttpMethod.Delete, "/api/capabilities/mortal"));

        var older = new VersionedDocument(new() { Tenant = TestTokens.Tenant, Id = id, Deleted = false, Code = "mortal", Names = "mortal", Words = "mortal", Rank = 50 }, alive);
        Assert.True(await _app.Service<BulkWriter>().WriteAsync(Names.Write, [older], TestContext.Current.CancellationToken));
        await _app.Service<ElasticsearchClient>().RefreshAsync(Names.Write, TestContext.Current.CancellationToken);
        Assert.Empty((await _app.SearchAsync("search=mortal")).Codes);
    }

    [Fact]
    public async Task A_document_that_is_refused_for_good_is_parked_and_holds_nothing_up()
    {
        Assert.SkipUnless(SearchEngine.IsOurs, SearchEngine.OnlyOurs);
        engine.Ours!.IsPoison = source => (string?)source["code"] == "poison";
        await _app.RegisterAsync("before");
        await _app.RegisterAsync("poison");
        await _app.UntilIndexedAsync(await _app.RegisterAsync("after"));
        Assert.Equal(["after"], (await _app.SearchAsync("search=after")).Codes);
        Assert.Equal(["before"], (await _app.SearchAsync("search=before")).Codes);
        Assert.Contains("failed to parse", await ScalarAsync<string>("SELECT error FROM parked_events WHERE consumer = 'search-elasticsearch'"), StringComparison.Ordinal);
        engine.Ours.IsPoison = _ => false;
    }

    [Fact]
    public async Task Documents_that_are_too_many_for_now_and_bulks_that_are_too_large_get_in_all_the_same()
    {
        Assert.SkipUnless(SearchEngine.IsOurs, SearchEngine.OnlyOurs);
        await _app.UntilIndexedAsync(await _app.RegisterAsync("first"));
        (engine.Ours!.BusyItems, engine.Ours.MostBulkBytes) = (7, 4_000);
        await _app.App.ImportAsync(string.Join('\n', Enumerable.Range(0, 40).Select(i => Sample.Manifest($"item-{i}"))));
        await _app.UntilIndexedAsync(await _app.RegisterAsync("last"));
        Assert.Equal((SearchedApp.Elasticsearch, 40L), await _app.SearchAsync("search=item") is var found ? (found.Engine, found.Total) : default);
        engine.Ours.MostBulkBytes = int.MaxValue;
    }

    [Fact]
    public async Task While_the_engine_is_away_postgresql_answers_and_afterwards_the_engine_catches_up()
    {
        Assert.SkipUnless(SearchEngine.IsOurs, SearchEngine.OnlyOurs);
        await _app.UntilIndexedAsync(await _app.RegisterAsync("steady"));
        await engine.Ours!.KillAsync();
        Assert.Equal((SearchedApp.Postgres, "steady"), await _app.SearchAsync("search=steady") is var found ? (found.Engine, found.Codes.Single()) : default);
        var position = await _app.RegisterAsync("meanwhile");
        Assert.Equal(["meanwhile"], (await _app.SearchAsync("search=meanwhile")).Codes);

        await engine.Ours.RestartAsync();
        await _app.UntilIndexedAsync(position);
        Assert.Equal((SearchedApp.Elasticsearch, "meanwhile"), await _app.SearchAsync("search=meanwhile") is var caughtUp ? (caughtUp.Engine, caughtUp.Codes.Single()) : default);
        Assert.Equal(0L, await ScalarAsync<long>("SELECT count(*) FROM parked_events"));
    }

    [Theory]
    [InlineData(503, "text/html", "<html><body>Bad gateway</body></html>")]
    [InlineData(200, "text/html", "<html>Please log in</html>")]
    [InlineData(429, "application/json", """{"error":{"type":"es_rejected_execution_exception","reason":"full"},"status":429}""")]
    [InlineData(401, "text/plain", "Unauthorized")]
    [InlineData(500, "application/json", """{"error":"as a string","status":500}""")]
    [InlineData(200, "application/json", """{"timed_out":true,"_shards":{"failed":0},"hits":{"hits":[]}}""")]
    [InlineData(200, "application/json", """{"timed_out":false,"_shards":{"failed":2},"hits":{"hits":[]}}""")]
    public async Task Whatever_a_server_or_a_proxy_answers_postgresql_answers_then(int status, string type, string body)
    {
        Assert.SkipUnless(SearchEngine.IsOurs, SearchEngine.OnlyOurs);
        await _app.UntilIndexedAsync(await _app.RegisterAsync("steady"));
        engine.Ours!.Interfere = request => request.Path.Value!.EndsWith("/_search", StringComparison.Ordinal) ? Results.Text(body, type, statusCode: status) : null;
        Assert.Equal((SearchedApp.Postgres, "steady"), await _app.SearchAsync("search=steady") is var found ? (found.Engine, found.Codes.Single()) : default);
        engine.Ours.Interfere = _ => null;
    }

    [Fact]
    public async Task An_engine_that_is_behind_the_position_asked_for_does_not_answer()
    {
        Assert.SkipUnless(SearchEngine.IsOurs, SearchEngine.OnlyOurs);
        await _app.UntilIndexedAsync(await _app.RegisterAsync("early"));
        engine.Ours!.Interfere = request => request.Path == "/_bulk" ? Results.StatusCode(503) : null;
        var position = await _app.RegisterAsync("late");
        Assert.Equal(SearchedApp.Elasticsearch, (await _app.SearchAsync("search=early")).Engine);
        Assert.Equal((SearchedApp.Postgres, "late"), await _app.SearchAsync("search=late", position) is var found ? (found.Engine, found.Codes.Single()) : default);

        engine.Ours.Interfere = _ => null;
        await _app.UntilIndexedAsync(position);
        Assert.Equal((SearchedApp.Elasticsearch, "late"), await _app.SearchAsync("search=late", position) is var caughtUp ? (caughtUp.Engine, caughtUp.Codes.Single()) : default);
    }

    [Fact]
    public async Task Wiping_the_engine_under_load_loses_no_answer()
    {
        Assert.SkipUnless(SearchEngine.IsOurs, SearchEngine.OnlyOurs);
        await _app.UntilIndexedAsync(await _app.RegisterAsync("zeroth"));
        var last = 0L;
        for (var i = 0; i < 60; i++)
        {
            last = await _app.RegisterAsync($"load-{i}");
            if (i % 20 == 10)
            {
                engine.Ours!.Wipe();
            }

            Assert.Equal([$"load-{i}"], (await _app.SearchAsync($"search=load-{i}", last)).Codes);
            Assert.Equal(["zeroth"], (await _app.SearchAsync("search=zeroth")).Codes);
        }

        await _app.UntilIndexedAsync(last);
        Assert.Equal((SearchedApp.Elasticsearch, 60L), await _app.SearchAsync("search=load") is var found ? (found.Engine, found.Total) : default);
    }

    private string[] Documents(string name) => [.. engine.Ours!.Documents(name).OrderBy(d => d.Key, StringComparer.Ordinal).Select(d => $"{d.Key} {d.Value.Version} {((JsonObject)d.Value.Source).ToJsonString()}")];

    private async Task<T> ScalarAsync<T>(string sql)
    {
        await using var connection = new NpgsqlConnection(_app.ConnectionString);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
