using CapabilityRegistry.ServiceDefaults.Configuration;
using CapabilityRegistry.ServiceDefaults.Telemetry;
using CapabilityRegistry.Standalone.Postgres;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.ServiceDefaults.Telemetry;

/// <summary>Metrics: where they are, where they are not, and what they are called.</summary>
[Collection(OneHost.Name)]
public sealed class MetricsEndpointTests(DatabaseServer server)
{
    private static readonly string[] Raw = ["/api/capabilities/a-capability-of-mine", "/api/capabilities/a-capability-of-mine/versions/9.9.9", "/nowhere/at/all", "/api/compositions/01940000-0000-7000-8000-000000000000"];

    [Fact]
    public async Task Metrics_are_on_their_own_port_alone_and_nothing_else_is_there()
    {
        var port = LoopbackPort.PickFree();
        await using var app = await StartAsync(port);
        Assert.Equal(404, (await app.GetAsync("/metrics")).Status);
        Assert.Equal(404, (await app.SendAsync(HttpMethod.Get, "/metrics", headers: ("Host", $"127.0.0.1:{port}"))).Status);
        Assert.Equal(200, (await ReadAsync(port, "/metrics")).Status);
        Assert.Equal(404, (await ReadAsync(port, "/api/health")).Status);
        Assert.Equal(404, (await ReadAsync(port, "/api/capabilities")).Status);
    }

    [Fact]
    public async Task Requests_are_counted_under_the_guides_names_by_route_and_never_by_path()
    {
        var port = LoopbackPort.PickFree();
        await using var app = await StartAsync(port);
        foreach (var path in Raw)
        {
            await app.GetAsync(path);
        }

        var text = await ReadUntilAsync(port, "path=\"/api/compositions/{compositionId:guid}\"");
        Assert.Contains("http_requests_total{method=\"GET\",path=\"/api/capabilities/{capability}\",status=\"404\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("http_requests_total{method=\"GET\",path=\"unmatched\",status=\"404\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("http_request_duration_seconds_bucket{method=\"GET\",path=\"/api/capabilities/{capability}\",status=\"404\",le=\"+Inf\"} 1", text, StringComparison.Ordinal);
        Assert.Contains("http_server_request_duration_seconds_count{", text, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_memory_working_set_bytes", text, StringComparison.Ordinal);
        Assert.Contains("db_client_connection_max{db_client_connection_pool_name=\"requests\"}", text, StringComparison.Ordinal);
        Assert.All(Raw, path => Assert.DoesNotContain(path, text, StringComparison.Ordinal));
        Assert.DoesNotContain("a-capability-of-mine", text, StringComparison.Ordinal);

        // Prometheus' own questions are no traffic.
        Assert.DoesNotContain("/metrics", (await ReadAsync(port, "/metrics")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bug_is_counted_under_the_route_that_has_it()
    {
        var port = LoopbackPort.PickFree();
        await using var app = await StartAsync(port);
        await using (var source = Npgsql.NpgsqlDataSource.Create(app.Services.GetService(typeof(Microsoft.Extensions.Configuration.IConfiguration)) is Microsoft.Extensions.Configuration.IConfiguration configuration ? configuration["ConnectionStrings:registry"]! : ""))
        {
            await using var command = source.CreateCommand("ALTER TABLE compositions RENAME TO compositions_away");
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.Equal(500, (await app.GetAsync("/api/compositions")).Status);
        await ReadUntilAsync(port, "http_requests_total{method=\"GET\",path=\"/api/compositions\",status=\"500\"} 1");
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_before_anything_is_served()
    {
        var port = LoopbackPort.PickFree();
        await using var first = await StartAsync(port);
        var exception = await Assert.ThrowsAsync<ConfigurationException>(() => StartAsync(port));
        Assert.Contains($"another process listens on port {port}", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Telemetry:Metrics", "false")]
    [InlineData("Telemetry:MetricsPort", null)]
    public async Task Without_metrics_or_without_a_port_nothing_listens(string key, string? value)
    {
        var port = LoopbackPort.PickFree();
        await using var app = await StartAsync(port, (key, value));
        await Assert.ThrowsAsync<HttpRequestException>(() => ReadAsync(port, "/metrics"));
    }

    private async Task<RegistryApp> StartAsync(int port, params (string Key, string? Value)[] more)
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Telemetry:MetricsPort"] = $"{port}" };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        return await RegistryApp.StartAsync(await server.CreateDatabaseAsync(), settings: settings, configure: builder => builder.AddMetricsEndpoint(unlessSet: null));
    }

    /// <summary>A request is counted when it is over, a moment after its answer has come.</summary>
    private static async Task<string> ReadUntilAsync(int port, string expected)
    {
        for (var tries = 0; ; tries++)
        {
            var text = (await ReadAsync(port, "/metrics")).Text;
            if (text.Contains(expected, StringComparison.Ordinal))
            {
                return text;
            }

            Assert.True(tries < 200, $"Never seen: {expected}\n{string.Join('\n', text.Split('\n').Where(line => line.StartsWith("http_requests_total", StringComparison.Ordinal)))}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<Answer> ReadAsync(int port, string path)
    {
        using var handler = new SocketsHttpHandler();
        using var http = new HttpClient(handler);
        using var response = await http.GetAsync(new Uri($"http://127.0.0.1:{port}{path}"), TestContext.Current.CancellationToken);
        return await Answer.OfAsync(response);
    }
}
