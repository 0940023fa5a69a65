using System.Text.Json;
using CapabilityRegistry.Data;
using CapabilityRegistry.Standalone.Postgres;
using CapabilityRegistry.Tests.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Api.Health;

/// <summary>What probes are told, and what they are not told.</summary>
public sealed class HealthTests(DatabaseServer server)
{
    private const string Nowhere = "127.0.0.1:1,abortConnect=false,connectTimeout=200,connectRetry=0";

    [Fact]
    public async Task A_registry_that_is_well_says_since_when_and_of_what()
    {
        await using var app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync());
        var answer = await Anonymously(app, "/api/registry/health");
        Assert.Equal(200, answer.Status);
        Assert.Equal("healthy", answer.Json.GetProperty("status").GetString());
        Assert.True(answer.Json.GetProperty("uptime_seconds").GetDouble() >= 0);
        Assert.Equal(["postgresql", "schema", "self"], Components(answer).Select(c => c.GetProperty("name").GetString()));
        Assert.All(Components(answer), c => Assert.True(c.GetProperty("duration_ms").GetDouble() >= 0));
        Assert.StartsWith("At 2", Component(answer, "schema").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_redis_it_is_degraded_and_goes_on()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:redis"] = Nowhere };
        await using var app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync(), settings: settings, configure: builder => Microsoft.Extensions.Hosting.AspireRedisExtensions.AddRedisClient(builder, "redis"));
        var answer = await Anonymously(app, "/api/registry/health");
        Assert.Equal((200, "degraded"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.Equal("degraded", Component(answer, "redis").GetProperty("status").GetString());
        Assert.Equal(200, (await Anonymously(app, "/api/health")).Status);
        Assert.Equal(200, (await Anonymously(app, "/health")).Status);
        Assert.DoesNotContain("127.0.0.1", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_without_a_migration_that_the_process_knows_is_not_ready()
    {
        var connectionString = await server.CreateDatabaseAsync();
        await using var app = await RegistryApp.StartAsync(connectionString);
        await using (var source = NpgsqlDataSource.Create(connectionString))
        {
            await using var forget = source.CreateCommand("DELETE FROM \"__EFMigrationsHistory\" WHERE migration_id = (SELECT max(migration_id) FROM \"__EFMigrationsHistory\")");
            Assert.Equal(1, await forget.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        var answer = await Anonymously(app, "/api/registry/health");
        Assert.Equal((503, "unhealthy"), (answer.Status, answer.Json.GetProperty("status").GetString()));
        Assert.Equal("1 migrations are missing: run the worker's role migrate.", Component(answer, "schema").GetProperty("reason").GetString());
        Assert.Equal("healthy", Component(answer, "postgresql").GetProperty("status").GetString());
        Assert.Equal(503, (await Anonymously(app, "/api/health")).Status);
    }

    [Fact]
    public async Task A_database_that_nobody_has_migrated_is_not_ready_and_says_what_to_do()
    {
        var connectionString = await server.CreateDatabaseAsync();
        await using var app = await RegistryApp.StartAsync(connectionString);
        await using (var source = NpgsqlDataSource.Create(connectionString))
        {
            await using var forget = source.CreateCommand("ALTER TABLE \"__EFMigrationsHistory\" RENAME TO forgotten");
            await forget.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        var answer = await Anonymously(app, "/api/registry/health");
        Assert.Equal(503, answer.Status);
        Assert.Matches(@"^\d+ migrations are missing: run the worker's role migrate\.$", Component(answer, "schema").GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Of_a_database_that_is_away_neither_host_nor_user_is_said()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"registry-health-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
        try
        {
            await using var postgres = await EmbeddedPostgres.StartAsync(new() { DataDirectory = folder, Durable = false }, cancellationToken: TestContext.Current.CancellationToken);
            await DatabaseMigrator.MigrateAsync(postgres.OwnerConnectionString, postgres.ConnectionString, TestContext.Current.CancellationToken);
            await using var app = await RegistryApp.StartAsync(postgres.ConnectionString);
            await postgres.DisposeAsync();
            foreach (var path in (string[])["/api/health", "/api/registry/health"])
            {
                var answer = await Anonymously(app, path);
                Assert.Equal((503, "unhealthy"), (answer.Status, answer.Json.GetProperty("status").GetString()));
                Assert.Contains("PostgreSQL does not answer.", answer.Text, StringComparison.Ordinal);
                Assert.DoesNotContain("127.0.0.1", answer.Text, StringComparison.Ordinal);
                Assert.DoesNotContain($"{postgres.Port}", answer.Text, StringComparison.Ordinal);
            }

            Assert.Equal(200, (await Anonymously(app, "/alive")).Status);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Task<Answer> Anonymously(RegistryApp app, string path) => app.SendAsync(HttpMethod.Get, path);

    private static JsonElement[] Components(Answer answer) => [.. answer.Json.GetProperty("components").EnumerateArray()];

    private static JsonElement Component(Answer answer, string name) => Assert.Single(Components(answer), c => c.GetProperty("name").GetString() == name);
}
