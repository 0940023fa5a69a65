using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Tests.Testing.Elasticsearch;

namespace CapabilityRegistry.Tests.Search;

/// <summary>Both engines find the same, in the same order, and one goes on where the other stopped.</summary>
public sealed class EngineTests(DatabaseServer server, SearchEngine engine) : IClassFixture<SearchEngine>, IAsyncLifetime
{
    private const string Catalogue =
        """
        {"capability_code":"payments","capability_name":"Payments","version":"1.0.0","category":"finance","description":"Books what was paid"}
        {"capability_code":"payment-gateway","capability_name":"Payment Gateway","version":"1.0.0","category":"finance","description":"Takes card payments and the rest","composition_keywords":["cards","fast"],"provides_services":[{"service":"charging"}]}
        {"capability_code":"card-vault","capability_name":"CardVault","version":"1.0.0","category":"security","description":"Keeps cards; no payment is made here","composition_keywords":["cards"]}
        {"capability_code":"http-server.payments-v2","capability_name":"HTTPServerPaymentsV2","version":"2.0.0","category":"commerce","description":"A server for payments","composition_keywords":["web"]}
        {"capability_code":"catalog","capability_name":"Catalog","version":"1.0.0","category":"commerce","description":"Products, paid or free"}
        {"capability_code":"the","capability_name":"The","version":"1.0.0","category":"odd","description":"Only a stop word"}
        {"capability_code":"uebersicht","capability_name":"Übersicht","version":"1.0.0","category":"odd","description":"Zahlungs-Übersicht"}
        {"capability_code":"paytable","capability_name":"Pay Table","version":"1.0.0","category":"finance","description":"What a payment costs"}
        """;

    private SearchedApp _app = null!;
    private RegistryApp _postgres = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await SearchedApp.StartAsync(server, engine);
        _postgres = await RegistryApp.StartAsync(_app.ConnectionString);
        await _app.App.ImportAsync(Catalogue);
        await _app.UntilIndexedAsync(await _app.RegisterAsync("last"));
    }

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("search=payments&facets=true", "payments", "http-server.payments-v2", "card-vault", "payment-gateway", "paytable")]
    [InlineData("search=payment", "http-server.payments-v2", "payments", "payment-gateway", "card-vault", "paytable")]
    [InlineData("search=payment-gateway", "payment-gateway")]
    [InlineData("search=HTTPServer", "http-server.payments-v2")]
    [InlineData("search=cardvault", "card-vault")]
    [InlineData("search=CardVault", "card-vault")]
    [InlineData("search=%22card+payments%22", "payment-gateway")]
    [InlineData("search=payments+-card", "http-server.payments-v2", "payments", "paytable")]
    [InlineData("search=paid+or+server", "http-server.payments-v2", "catalog", "payments")]
    [InlineData("search=the", "the")]
    [InlineData("search=the+rest", "payment-gateway")]
    [InlineData("search=%C3%BCbersicht&facets=true", "uebersicht")]
    [InlineData("search=payments&category=finance&facets=true", "payments", "payment-gateway", "paytable")]
    [InlineData("search=card&keyword=cards&service=charging", "payment-gateway")]
    [InlineData("search=payments&status=registered&min_quality_score=0.2&category=security", "card-vault")]
    [InlineData("search=cards+-fast", "card-vault")]
    public async Task They_find_the_same_in_the_same_order(string query, params string[] expected)
    {
        var (one, other) = (await _app.SearchAsync(query), Found.Of(await _postgres.GetAsync($"/api/capabilities?{query}")));
        Assert.Equal((SearchedApp.Elasticsearch, SearchedApp.Postgres), (one.Engine, other.Engine));
        Assert.Equal(expected, other.Codes);
        Assert.Equal(expected, one.Codes);
        Assert.Equal((other.Total, other.Facets), (one.Total, one.Facets));
    }

    [Theory]
    [InlineData("search=aymen", "payment-gateway", "payments", "http-server.payments-v2")]
    [InlineData("search=payments&sort=capability_code", "card-vault", "http-server.payments-v2", "payment-gateway", "payments", "paytable")]
    [InlineData("search=%25")]
    [InlineData("search=-payments")]
    public async Task What_only_postgresql_can_do_it_does(string query, params string[] expected)
    {
        var found = await _app.SearchAsync(query);
        Assert.Equal(SearchedApp.Postgres, found.Engine);
        Assert.Equal(expected.Order(StringComparer.Ordinal), found.Codes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_list_that_is_not_a_search_names_no_engine() => Assert.Null((await _app.SearchAsync("category=finance")).Engine);

    [Fact]
    public async Task A_cursor_of_one_engine_is_continued_by_the_other()
    {
        var all = (await _app.SearchAsync("search=payment")).Codes;
        var (seen, cursor, turn) = (new List<string>(), (string?)null, 0);
        do
        {
            var query = cursor is null ? "search=payment&per_page=1" : $"cursor={Uri.EscapeDataString(cursor)}";
            var found = turn++ % 2 == 0 ? await _app.SearchAsync(query) : Found.Of(await _postgres.GetAsync($"/api/capabilities?{query}"));
            Assert.Equal(turn % 2 == 1 ? SearchedApp.Elasticsearch : SearchedApp.Postgres, found.Engine);
            seen.AddRange(found.Codes);
            cursor = found.Cursor;
        }
        while (cursor is not null);

        Assert.Equal(all, seen);
    }

    [Fact]
    public async Task Another_tenant_finds_nothing_with_either()
    {
        var answer = await _app.App.GetAsync("/api/capabilities?search=payments", "stranger");
        Assert.Equal(0, answer.Json.GetProperty("total_count").GetInt64());
        Assert.Empty((await _app.App.GetAsync("/api/capabilities?search=catalog", "stranger")).Json.GetProperty("items").EnumerateArray());
    }
}
