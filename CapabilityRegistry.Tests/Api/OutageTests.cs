using CapabilityRegistry.Data;
using CapabilityRegistry.Standalone.Postgres;
using CapabilityRegistry.Tests.Testing;

namespace CapabilityRegistry.Tests.Api;

public sealed class OutageTests : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"registry-outage-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
    private EmbeddedPostgres _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync(port: 0);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task While_the_database_is_away_answers_are_503_with_retry_after_and_recover_by_themselves()
    {
        await DatabaseMigrator.MigrateAsync(_server.OwnerConnectionString, _server.ConnectionString, TestContext.Current.CancellationToken);
        await using var app = await RegistryApp.StartAsync(_server.ConnectionString, withWorker: true);
        await app.ImportAsync(Sample.Manifest("durable"));
        var port = _server.Port;
        await _server.DisposeAsync();

        foreach (var (method, path, body, type) in Requests)
        {
            var answer = await app.SendAsync(method, path, body, type);
            Assert.True((answer.Status, answer.ErrorCode) == (503, "UNAVAILABLE"), $"{method} {path}: {answer.Status} {answer.Text}");
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        Assert.Equal(503, (await app.GetAsync("/api/health")).Status);
        Assert.Equal(200, (await app.GetAsync("/alive")).Status);

        _server = await StartAsync(port);
        Assert.Equal(200, (await app.GetAsync("/api/capabilities/durable")).Status);
        Assert.Contains("resolved", (await app.PostAsync("/api/dependencies/resolve", Sample.Resolve("durable"))).Text, StringComparison.Ordinal);
        Assert.Equal(201, (await app.PostAsync("/api/capabilities", Sample.Manifest("afterwards"))).Status);
    }

    private static readonly (HttpMethod Method, string Path, string? Body, string Type)[] Requests =
    [
        (HttpMethod.Get, "/api/capabilities", null, "application/json"),
        (HttpMethod.Get, "/api/capabilities/durable", null, "application/json"),
        (HttpMethod.Get, "/api/capabilities/export", null, "application/json"),
        (HttpMethod.Post, "/api/capabilities", Sample.Manifest("x"), "application/json"),
        (HttpMethod.Post, "/api/capabilities/import", Sample.Manifest("x"), "application/x-ndjson"),
        (HttpMethod.Post, "/api/dependencies/resolve", Sample.Resolve("durable"), "application/json"),
        (HttpMethod.Get, "/api/compositions", null, "application/json"),
        (HttpMethod.Post, "/api/compositions", """{"name":"x","requirements":[{"capability_code":"durable"}]}""", "application/json"),
    ];

    private Task<EmbeddedPostgres> StartAsync(int port) => EmbeddedPostgres.StartAsync(new() { DataDirectory = _folder, Durable = false, Port = port });
}
