using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api;

public sealed class SearchTests(RegistryFixture registry) : IClassFixture<RegistryFixture>, IAsyncLifetime
{
    private const string Catalogue =
        """
        {"capability_code":"payment-gateway","capability_name":"Payment Gateway","version":"1.0.0","category":"finance","description":"Takes card payments","composition_keywords":["cards"],"provides_services":[{"service":"charging"}]}
        {"capability_code":"payments","capability_name":"Payments","version":"1.0.0","category":"finance","description":"Books what was paid","composition_keywords":["ledger"]}
        {"capability_code":"catalog","capability_name":"Catalog","version":"1.0.0","category":"commerce","description":"Products, paid or free"}
        {"capability_code":"100%_odd","capability_name":"Odd","version":"1.0.0","category":"commerce","description":"Signs in a code"}
        """;

    private RegistryApp App => registry.App;

    public async ValueTask InitializeAsync() => await App.ImportAsync(Catalogue);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("?search=payments", "payments", "payment-gateway")]
    [InlineData("?search=paid", "catalog", "payments")]
    [InlineData("?search=gatew", "payment-gateway")]
    [InlineData("?search=%22card+payments%22", "payment-gateway")]
    [InlineData("?search=payments+-card", "payments")]
    [InlineData("?category=commerce", "catalog")]
    [InlineData("?keyword=cards", "payment-gateway")]
    [InlineData("?service=charging", "payment-gateway")]
    [InlineData("?status=retired")]
    [InlineData("?search=%25")]
    [InlineData("?search=nothing-like-it")]
    [InlineData("?sort=-capability_code&per_page=1", "payments")]
    [InlineData("?page=2&per_page=2", "payments")]
    public async Task A_list_holds_what_matches_in_order(string query, params string[] expected)
    {
        var answer = await App.GetAsync($"/api/capabilities{query}");
        Assert.Equal(200, answer.Status);
        Assert.Equal(expected, answer.Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("capability_code").GetString()!));
    }

    [Fact]
    public async Task A_line_whose_code_is_no_code_was_refused_by_the_import()
    {
        var outcome = (await App.ImportAsync("""{"capability_code":"100%_odd","version":"1.0.0"}"""))[0];
        Assert.Equal("failed", outcome.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Pages_say_where_they_are()
    {
        var page = (await App.GetAsync("/api/capabilities?per_page=2&page=1")).Json;
        Assert.Equal((3, 1, 2, 2, true, false), (
            page.GetProperty("total_count").GetInt32(), page.GetProperty("page").GetInt32(), page.GetProperty("per_page").GetInt32(),
            page.GetProperty("total_pages").GetInt32(), page.GetProperty("has_next").GetBoolean(), page.GetProperty("has_prev").GetBoolean()));
    }

    [Fact]
    public async Task Facets_count_what_matches()
    {
        var facets = (await App.GetAsync("/api/capabilities?facets=true")).Json.GetProperty("facets").GetProperty("category");
        Assert.Equal(["finance 2", "commerce 1"], facets.EnumerateArray().Select(f => $"{f.GetProperty("value").GetString()} {f.GetProperty("count").GetInt32()}"));
    }

    [Theory]
    [InlineData("?q=x", "?q")]
    [InlineData("?serch=x", "?serch")]
    [InlineData("?per_page=101", "?per_page")]
    [InlineData("?per_page=0", "?per_page")]
    [InlineData("?page=0", "?page")]
    [InlineData("?page=1000&per_page=100", "?page")]
    [InlineData("?page=2147483647&per_page=100", "?page")]
    [InlineData("?status=alive", "?status")]
    [InlineData("?sort=price", "?sort")]
    [InlineData("?min_quality_score=2", "?min_quality_score")]
    [InlineData("?min_quality_score=NaN", "?min_quality_score")]
    [InlineData("?search=%00", "?search")]
    public async Task A_query_that_does_not_fit_is_refused_and_named(string query, string pointer)
    {
        var answer = await App.GetAsync($"/api/capabilities{query}");
        Assert.Equal((400, "VALIDATION_ERROR"), (answer.Status, answer.ErrorCode));
        Assert.Equal([pointer], answer.ErrorPointers);
    }

    [Fact]
    public async Task A_misspelt_parameter_gets_the_nearest_name() =>
        Assert.Contains("'search'", (await App.GetAsync("/api/capabilities?serch=x")).Text, StringComparison.Ordinal);

    [Theory]
    [InlineData("?page=one")]
    [InlineData("?facets=perhaps")]
    [InlineData("?min_quality_score=much")]
    [InlineData("?page=99999999999999999999")]
    public async Task A_parameter_of_the_wrong_type_is_refused(string query) =>
        Assert.Equal((400, "VALIDATION_ERROR"), ((await App.GetAsync($"/api/capabilities{query}")).Status, (await App.GetAsync($"/api/capabilities{query}")).ErrorCode));
}
