using CapabilityRegistry.Data;
using CapabilityRegistry.Standalone.Postgres;
using CapabilityRegistry.Tests.Testing;
using Npgsql;

[assembly: AssemblyFixture(typeof(DatabaseServer))]

namespace CapabilityRegistry.Tests.Testing;

/// <summary>One real PostgreSQL for the run: the server of <c>ConnectionStrings__registry</c>, else one of its own. Every test class gets a database cloned from a migrated template.</summary>
public sealed class DatabaseServer : IAsyncLifetime
{
    private const string Template = "registry_template";

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"registry-tests-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");
    private EmbeddedPostgres? _server;
    private string _admin = "";
    private int _databases;

    public async ValueTask InitializeAsync()
    {
        if (Environment.GetEnvironmentVariable("ConnectionStrings__registry") is { Length: > 0 } external)
        {
            _admin = external;
        }
        else
        {
            _server = await EmbeddedPostgres.StartAsync(new() { DataDirectory = _folder, Durable = false });
            _admin = _server.SuperuserConnectionString;
        }

        await ExecuteAsync($"DROP DATABASE IF EXISTS {Template}");
        await ExecuteAsync($"CREATE DATABASE {Template}");
        await DatabaseMigrator.MigrateAsync(ConnectionStringOf(Template), ConnectionStringOf(Template), TestContext.Current.CancellationToken);
        NpgsqlConnection.ClearAllPools();
    }

    /// <summary>A new, migrated, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        var name = $"registry_test_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {Template}");
        return ConnectionStringOf(name);
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_server is not null)
        {
            await _server.DisposeAsync();
            Directory.Delete(_folder, recursive: true);
        }
    }

    private string ConnectionStringOf(string database) => new NpgsqlConnectionStringBuilder(_admin) { Database = database, MaxPoolSize = 20 }.ConnectionString;

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_admin) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
