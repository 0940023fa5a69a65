using System.Net;
using System.Text;
using CapabilityRegistry.Data.Search.Elasticsearch;
using CapabilityRegistry.Tests.Testing.Elasticsearch;

namespace CapabilityRegistry.Tests.Search;

/// <summary>What our stand-in refuses is what the real server refuses: run with ELASTICSEARCH_TEST_URL, the same tests ask that one.</summary>
public sealed class StrictElasticsearchTests(SearchEngine engine) : IClassFixture<SearchEngine>, IAsyncLifetime
{
    private const string Json = "application/json";
    private const string Lines = "application/x-ndjson";

    private readonly SocketsHttpHandler _handler = new();
    private HttpClient _http = null!;
    private string _index = "";

    public async ValueTask InitializeAsync()
    {
        var settings = engine.Settings();
        var endpoint = ElasticsearchEndpoint.Parse(settings["ConnectionStrings:elasticsearch"], null)!;
        _http = new(_handler) { BaseAddress = endpoint.Address };
        _http.DefaultRequestHeaders.Authorization = endpoint.Authorization;
        _index = $"{settings["Elasticsearch:IndexPrefix"]}-refusals";
        Assert.Equal(200, (await SendAsync("PUT", _index, Encoding.UTF8.GetString(IndexDefinition.Of($"{_index}-alias")))).Status);
    }

    public async ValueTask DisposeAsync()
    {
        await SendAsync("DELETE", _index);
        _http.Dispose();
        _handler.Dispose();
    }

    [Fact]
    public async Task A_bulk_without_a_last_line_end() => Assert.Equal(400, (await BulkAsync(Document("a", 1).TrimEnd('\n'))).Status);

    [Fact]
    public async Task A_bulk_of_another_type() => Assert.Equal(406, (await SendAsync("POST", "_bulk", Document("a", 1), "text/plain")).Status);

    [Fact]
    public async Task A_bulk_with_an_action_that_is_unknown() => Assert.Equal(400, (await BulkAsync("{\"write\":{\"_index\":\"x\"}}\n{}\n")).Status);

    [Fact]
    public async Task A_bulk_with_metadata_that_is_unknown() => Assert.Equal(400, (await BulkAsync(Document("a", 1).Replace("\"routing\"", "\"_routing\"", StringComparison.Ordinal))).Status);

    [Fact]
    public async Task A_document_with_a_field_that_the_mapping_lacks() => Assert.Contains("\"status\":400", await ItemsAsync(Document("a", 1, "\"colour\":\"red\"")), StringComparison.Ordinal);

    [Fact]
    public async Task A_document_with_a_value_of_another_type() => Assert.Contains("\"status\":400", await ItemsAsync(Document("a", 1, "\"rank\":\"high\"")), StringComparison.Ordinal);

    [Fact]
    public async Task A_document_without_routing() => Assert.Contains("\"status\":400", await ItemsAsync(Document("a", 1).Replace("\"routing\":\"t\",", "", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public async Task A_document_whose_name_is_too_long() => Assert.Equal(400, await BulkAsync(Document(new('x', 513), 1)) is var (status, text) && text.Contains("\"status\":400", StringComparison.Ordinal) ? 400 : status);

    [Fact]
    public async Task A_document_that_is_not_newer()
    {
        Assert.Contains("\"status\":201", await ItemsAsync(Document("v", 5)), StringComparison.Ordinal);
        foreach (var version in new[] { 4, 5 })
        {
            Assert.Contains("\"status\":409", await ItemsAsync(Document("v", version)), StringComparison.Ordinal);
        }

        Assert.Contains("\"status\":200", await ItemsAsync(Document("v", 6)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_through_an_alias_that_is_not_there() => Assert.Contains("\"status\":404", await ItemsAsync(Document("a", 1).Replace("-alias", "-missing", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public async Task An_index_that_is_there_already() => Assert.Equal(400, (await SendAsync("PUT", _index, "{}")).Status);

    [Fact]
    public async Task A_mapping_of_a_type_that_is_unknown() => Assert.Equal(400, (await SendAsync("PUT", $"{_index}-other", """{"mappings":{"properties":{"a":{"type":"colour"}}}}""")).Status);

    [Fact]
    public async Task An_alias_that_nobody_has()
    {
        Assert.Equal(404, (await SendAsync("GET", $"_alias/{_index}-missing")).Status);
        Assert.Equal(404, (await SendAsync("POST", "_aliases", $"{{\"actions\":[{{\"remove\":{{\"index\":\"{_index}\",\"alias\":\"{_index}-missing\"}}}}]}}")).Status);
    }

    [Theory]
    [InlineData("""{"query":{"term":{"tenant":"t"}},"from":9990,"size":11}""")]
    [InlineData("""{"query":{"term":{"tenant":"t"}},"from":1,"search_after":["t"],"sort":[{"tenant":"asc"}]}""")]
    [InlineData("""{"query":{"term":{"tenant":"t"}},"search_after":["t","u"],"sort":[{"tenant":"asc"}]}""")]
    [InlineData("""{"query":{"contains":{"tenant":"t"}}}""")]
    [InlineData("""{"query":{"bool":{"never":[]}}}""")]
    [InlineData("""{"querry":{}}""")]
    public async Task A_search_that_cannot_be_meant(string body) => Assert.Equal(400, (await SendAsync("POST", $"{_index}/_search", body)).Status);

    [Fact]
    public async Task A_search_with_a_parameter_that_is_unknown() => Assert.Equal(400, (await SendAsync("POST", $"{_index}/_search?rooting=t", """{"query":{"term":{"tenant":"t"}}}""")).Status);

    [Fact]
    public async Task A_search_in_an_index_that_is_not_there() => Assert.Equal(404, (await SendAsync("POST", $"{_index}-missing/_search", """{"query":{"term":{"tenant":"t"}}}""")).Status);

    [Fact]
    public async Task What_was_written_is_found_after_a_refresh_and_not_before()
    {
        await ItemsAsync(Document("r", 1));
        const string query = """{"query":{"term":{"tenant":"t"}},"track_total_hits":true}""";
        Assert.Contains("\"value\":0", (await SendAsync("POST", $"{_index}/_search", query)).Text, StringComparison.Ordinal);
        Assert.Equal(200, (await SendAsync("POST", $"{_index}/_refresh")).Status);
        Assert.Contains("\"value\":1", (await SendAsync("POST", $"{_index}/_search", query)).Text, StringComparison.Ordinal);
    }

    private string Document(string id, long version, string more = "") =>
        $$$"""{"index":{"_index":"{{{_index}}}-alias","_id":"{{{id}}}","routing":"t","version":{{{version}}},"version_type":"external","require_alias":true}}""" + "\n"
        + $$"""{"tenant":"t","id":"i","deleted":false{{(more.Length == 0 ? "" : $",{more}")}}}""" + "\n";

    private Task<(int Status, string Text)> BulkAsync(string body) => SendAsync("POST", "_bulk", body, Lines);

    private async Task<string> ItemsAsync(string body)
    {
        var (status, text) = await BulkAsync(body);
        Assert.Equal(200, status);
        return text;
    }

    private async Task<(int Status, string Text)> SendAsync(string method, string path, string? body = null, string contentType = Json)
    {
        using var request = new HttpRequestMessage(new(method), path) { Version = HttpVersion.Version11 };
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new(contentType);
        }

        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
