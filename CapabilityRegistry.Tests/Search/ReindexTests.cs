using CapabilityRegistry.Data.Search.Elasticsearch;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Tests.Testing.Elasticsearch;
using CapabilityRegistry.Worker.Search;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace CapabilityRegistry.Tests.Search;

public sealed class ReindexTests(DatabaseServer server, SearchEngine engine) : IClassFixture<SearchEngine>, IAsyncLifetime
{
    private SearchedApp _app = null!;

    private IndexNames Names => _app.Service<IndexNames>();

    public async ValueTask InitializeAsync()
    {
        _app = await SearchedApp.StartAsync(server, engine);
        await _app.App.ImportAsync(string.Join('\n', Enumerable.Range(0, 1_200).Select(i => Sample.Manifest($"item-{i}"))));
        await _app.App.ImportAsync(Sample.Manifest("theirs"), tenant: "another");
        await _app.UntilIndexedAsync(await _app.RegisterAsync("last"));
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_rebuild_beside_searches_and_writes_ends_with_a_new_index_that_has_everything()
    {
        var before = await IndexesAsync(Names.Read);
        using var output = new StringWriter();
        var rebuilding = Reindex.RunAsync(_app.App.Services, output, TestContext.Current.CancellationToken);
        var (written, last) = (0, 0L);
        while (!rebuilding.IsCompleted || written == 0)
        {
            last = await _app.RegisterAsync($"during-{written++}");
            Assert.Equal(["item-7"], (await _app.SearchAsync("search=item-7&per_page=1")).Codes);
        }

        Assert.True(await rebuilding, output.ToString());
        var after = await IndexesAsync(Names.Read);
        Assert.Equal(after, await IndexesAsync(Names.Write));
        Assert.Empty(await IndexesAsync(Names.Next));
        Assert.Empty(after.Intersect(before));
        Assert.Contains("Counts of every tenant and a sample agree", output.ToString(), StringComparison.Ordinal);

        await _app.UntilIndexedAsync(last);
        Assert.Equal((SearchedApp.Elasticsearch, (long)written), await _app.SearchAsync("search=during") is var found ? (found.Engine, found.Total) : default);
        Assert.Equal(1_200, (await _app.SearchAsync("search=item")).Total);
        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM search_rebuilds"));
    }

    [Fact]
    public async Task An_index_that_lacks_something_does_not_take_the_place_of_the_old_one()
    {
        Assert.SkipUnless(SearchEngine.IsOurs, SearchEngine.OnlyOurs);
        var before = await IndexesAsync(Names.Read);
        engine.Ours!.IsPoison = source => (string?)source["code"] == "item-3";
        using var output = new StringWriter();
        await Assert.ThrowsAsync<ElasticsearchException>(() => Reindex.RunAsync(_app.App.Services, output, TestContext.Current.CancellationToken));
        engine.Ours.IsPoison = _ => false;
        Assert.Equal(before, await IndexesAsync(Names.Read));
        Assert.Equal(before, engine.Ours.Indexes().Where(i => i.StartsWith(Names.Read, StringComparison.Ordinal)));
        Assert.Equal(SearchedApp.Elasticsearch, (await _app.SearchAsync("search=item")).Engine);
        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM search_rebuilds"));
    }

    [Fact]
    public async Task Search_documents_that_somebody_lost_or_left_are_made_and_removed()
    {
        await ExecuteAsync("DELETE FROM search_documents WHERE name_lc LIKE 'item-1%'");
        await ExecuteAsync("INSERT INTO search_documents (tenant_id, capability_id, name_lc, name_words, static_rank, category, status, quality_score, tsn, tsv) SELECT tenant_id, gen_random_uuid(), 'ghost', 1, 50, '', '', 0, '', '' FROM search_documents LIMIT 1");
        await ExecuteAsync("UPDATE search_documents SET tsn = '', tsv = '' WHERE name_lc = 'item-2'");
        using var output = new StringWriter();
        Assert.True(await Reindex.RunAsync(_app.App.Services, output, TestContext.Current.CancellationToken), output.ToString());
        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM search_documents WHERE name_lc = 'ghost'"));
        Assert.Equal(0L, await ScalarAsync("SELECT count(*) FROM capabilities c WHERE NOT EXISTS (SELECT FROM search_documents d WHERE d.capability_id = c.capability_id AND d.tsn @@ 'item|theirs|last')"));
        Assert.Contains("1 removed", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ranks_follow_popularity_in_both_engines()
    {
        await ExecuteAsync("UPDATE capabilities SET popularity_score = 1 WHERE capability_code = 'item-900'");
        using var upkeep = new SearchUpkeep(_app.Service<SystemDatabase>(), TimeProvider.System, _app.App.Services, NullLogger<SearchUpkeep>.Instance);
        Assert.Equal(1, await upkeep.RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await upkeep.RunAsync(TestContext.Current.CancellationToken));
        Assert.Equal((SearchedApp.Elasticsearch, "item-900"), await _app.SearchAsync("search=item&per_page=1") is var found ? (found.Engine, found.Codes.Single()) : default);
    }

    /// <summary>Its documents have the version of the head, so that a rank of the same position would not be taken later.</summary>
    [Fact]
    public async Task A_rebuilt_index_has_the_ranks_of_now_although_the_search_documents_lag_behind()
    {
        await ExecuteAsync("UPDATE capabilities SET popularity_score = 1 WHERE capability_code = 'item-900'");
        Assert.True(await _app.Service<SearchIndexRebuild>().RunAsync(_ => { }, TestContext.Current.CancellationToken));
        Assert.Equal((SearchedApp.Elasticsearch, "item-900"), await _app.SearchAsync("search=item&per_page=1") is var found ? (found.Engine, found.Codes.Single()) : default);
    }

    private Task<IReadOnlyList<string>> IndexesAsync(string alias) => _app.Service<ElasticsearchClient>().BehindAsync(alias, TestContext.Current.CancellationToken);

    private async Task<long> ScalarAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_app.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_app.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
