using CapabilityRegistry.Data;
using CapabilityRegistry.Standalone.Postgres;
using CapabilityRegistry.Tests.Testing;
using Npgsql;

namespace CapabilityRegistry.Tests.Deploy;

/// <summary>The committed configurations of PostgreSQL and Redis, read by the real servers.</summary>
public sealed class StoreConfigurationTests(DatabaseServer server)
{
    /// <summary>In front of the embedded server's own settings, which are fewer and make it fit on this machine.</summary>
    [Fact]
    public async Task Postgresql_starts_with_its_configuration_and_lets_in_who_should_be()
    {
        // Not one of CreateTempSubdirectory, which only its maker may look into: the server runs as somebody else.
        var folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"registry-conf-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}")).FullName;
        var (settings, access) = (Path.Combine(folder, "postgresql.conf"), Path.Combine(folder, "pg_hba.conf"));
        File.Copy(Path.Combine(Tool.Deploy, "postgres", "postgresql.conf"), settings);
        File.Copy(Path.Combine(Tool.Deploy, "postgres", "pg_hba.conf"), access);
        try
        {
            var options = new EmbeddedPostgresOptions
            {
                DataDirectory = Path.Combine(folder, "data"),
                Durable = false,
                Settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["hba_file"] = access, ["include"] = settings, ["maintenance_work_mem"] = "64MB", ["huge_pages"] = "off" },
            };
            await using (var postgres = await EmbeddedPostgres.StartAsync(options, cancellationToken: TestContext.Current.CancellationToken))
            {
                await DatabaseMigrator.MigrateAsync(postgres.OwnerConnectionString, postgres.ConnectionString, TestContext.Current.CancellationToken);
                await AssertTakenAsync(postgres.SuperuserConnectionString);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Redis_takes_its_configuration_serves_the_registry_and_refuses_what_it_should()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, RedisServer.Missing);
        await using var redis = new RedisServer { ConfigurationFile = Path.Combine(Tool.Deploy, "redis", "redis.conf"), Password = "a-password-of-tests" };
        await redis.InitializeAsync();
        await using var connection = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(redis.ConnectionString);
        foreach (var command in (string[])["FLUSHALL", "FLUSHDB", "CONFIG", "DEBUG"])
        {
            var refusal = await Assert.ThrowsAsync<StackExchange.Redis.RedisServerException>(() => connection.GetDatabase().ExecuteAsync(command));
            Assert.Contains("unknown command", refusal.Message, StringComparison.OrdinalIgnoreCase);
        }

        var limits = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ConnectionStrings:redis"] = redis.ConnectionString, ["RateLimit:Enabled"] = "true", ["RateLimit:RequestsPerMinute"] = "1", ["RateLimit:Burst"] = "2" };
        await using var app = await RegistryApp.StartAsync(await server.CreateDatabaseAsync(), settings: limits, configure: builder => Microsoft.Extensions.Hosting.AspireRedisExtensions.AddRedisClient(builder, "redis"));
        int[] statuses = [await StatusAsync(app), await StatusAsync(app), await StatusAsync(app)];
        Assert.Equal([200, 200, 429], statuses);
        Assert.Equal("healthy", (await app.GetAsync("/api/health")).Json.GetProperty("checks").GetProperty("redis").GetProperty("status").GetString());
    }

    private static async Task<int> StatusAsync(RegistryApp app) => (await app.GetAsync("/api/capabilities")).Status;

    private static async Task AssertTakenAsync(string superuser)
    {
        await using var source = NpgsqlDataSource.Create(superuser);
        Assert.Equal(0L, await ReadAsync<long>(source, "SELECT count(*) FROM pg_file_settings WHERE error IS NOT NULL"));
        Assert.Equal(0L, await ReadAsync<long>(source, "SELECT count(*) FROM pg_hba_file_rules WHERE error IS NOT NULL"));
        Assert.True(await ReadAsync<long>(source, "SELECT count(*) FROM pg_hba_file_rules") >= 6);
        Assert.Equal(0L, await ReadAsync<long>(source, "SELECT count(*) FROM pg_hba_file_rules WHERE auth_method NOT IN ('scram-sha-256', 'peer')"));
        foreach (var (name, value) in new[] { ("work_mem", "64MB"), ("max_wal_size", "2GB"), ("effective_cache_size", "12GB"), ("checkpoint_completion_target", "0.9"), ("random_page_cost", "1.1"), ("log_min_duration_statement", "1s"), ("password_encryption", "scram-sha-256"), ("shared_preload_libraries", "pg_stat_statements") })
        {
            Assert.Equal(value, await ReadAsync<string>(source, $"SHOW {name}"));
        }
    }

    private static async Task<T> ReadAsync<T>(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken))!;
    }
}
