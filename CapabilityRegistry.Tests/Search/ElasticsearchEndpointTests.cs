using System.Text;
using CapabilityRegistry.Data.Search.Elasticsearch;
using CapabilityRegistry.Tests.Testing;
using CapabilityRegistry.Tests.Testing.Elasticsearch;
using Microsoft.Extensions.Logging;

namespace CapabilityRegistry.Tests.Search;

public sealed class ElasticsearchEndpointTests(DatabaseServer server, SearchEngine engine) : IClassFixture<SearchEngine>
{
    [Theory]
    [InlineData("http://elasticsearch:9200", null, "http://elasticsearch:9200/", null)]
    [InlineData("https://elastic:p%40ss%3Aword@search.example/cluster/", null, "https://search.example/cluster/", "Basic elastic:p@ss:word")]
    [InlineData("http://elastic:secret@localhost:9200", "a2V5", "http://localhost:9200/", "ApiKey a2V5")]
    public void A_connection_string_says_where_and_who_apart(string text, string? apiKey, string address, string? authorization)
    {
        var endpoint = ElasticsearchEndpoint.Parse(text, apiKey)!;
        var who = endpoint.Authorization is { Scheme: "Basic" } basic ? $"Basic {Encoding.UTF8.GetString(Convert.FromBase64String(basic.Parameter!))}" : endpoint.Authorization?.ToString();
        Assert.Equal((address, authorization), (endpoint.Address.ToString(), who));
        Assert.DoesNotContain("secret", endpoint.Address.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("elasticsearch:9200")]
    [InlineData("tcp://elasticsearch:9200")]
    [InlineData("not a url")]
    public void Anything_else_is_none(string text) => Assert.Null(ElasticsearchEndpoint.Parse(text, null));

    [Fact]
    public async Task Requests_are_plain_json_with_the_credentials_and_no_log_has_those()
    {
        Assert.SkipUnless(SearchEngine.IsOurs, SearchEngine.OnlyOurs);
        var (settings, log) = (engine.Settings(), new Lines());
        settings["ConnectionStrings:elasticsearch"] = $"http://elastic:s3cret-word@127.0.0.1:{engine.Ours!.Address.Port}";
        settings["Logging:LogLevel:Default"] = "Trace";
        await using var app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync(), withWorker: true, settings: settings, configure: builder => builder.Logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log));
        while ((await app.GetAsync("/api/capabilities?search=anything+else")).Json.GetProperty("engine").GetString() != "elasticsearch")
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
        }

        Assert.All(engine.Ours.Requests, request => Assert.Equal(("application/json", $"Basic {Convert.ToBase64String("elastic:s3cret-word"u8)}"), (request.Accept, request.Authorization)));
        var lines = log.ToArray();
        Assert.Contains(lines, line => line.Contains("_search", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains("s3cret-word", StringComparison.Ordinal) || line.Contains(Convert.ToBase64String("elastic:s3cret-word"u8), StringComparison.Ordinal));
    }

    /// <summary>Everything that is logged.</summary>
    private sealed class Lines : ILoggerProvider, ILogger
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = [];

        public string[] ToArray() => [.. _lines];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => _lines.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
