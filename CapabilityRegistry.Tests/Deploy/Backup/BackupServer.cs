using CapabilityRegistry.Data;
using CapabilityRegistry.Standalone.Postgres;
using Npgsql;

namespace CapabilityRegistry.Tests.Deploy.Backup;

/// <summary>A PostgreSQL of the class's own, in which owner and login are two as in a deployment, and the committed scripts run against it.</summary>
public sealed class BackupServer : IAsyncLifetime
{
    private static readonly string[] Programs = ["bash", "psql", "pg_dump", "pg_restore", "sha256sum", "flock"];

    private EmbeddedPostgres? _postgres;

    /// <summary>For files of the class. The server runs as somebody else, who must be able to look into it.</summary>
    public string Folder { get; } = Path.Combine(Path.GetTempPath(), $"registry-backup-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");

    /// <summary>The registry's login, which owns nothing.</summary>
    public string Login => Postgres.ConnectionString;

    public string Owner => Postgres.OwnerConnectionString;

    private EmbeddedPostgres Postgres => _postgres!;

    /// <summary>What the scripts find in their environment: the superuser, without a word about the database.</summary>
    public Dictionary<string, string> Environment => EnvironmentOf(Postgres.SuperuserConnectionString);

    public async ValueTask InitializeAsync()
    {
        Array.ForEach(Programs, program => Tool.Require(program));
        Directory.CreateDirectory(Folder);
        _postgres = await EmbeddedPostgres.StartAsync(new() { DataDirectory = Path.Combine(Folder, "data"), Durable = false }, cancellationToken: TestContext.Current.CancellationToken);
        await ExecuteAsync("postgres", "ALTER ROLE registry_owner CREATEROLE");
        await DatabaseMigrator.MigrateAsync(Owner, Login, TestContext.Current.CancellationToken);
        NpgsqlConnection.ClearAllPools();
    }

    public static Dictionary<string, string> EnvironmentOf(string connectionString)
    {
        var who = new NpgsqlConnectionStringBuilder(connectionString);
        return new(StringComparer.Ordinal) { ["PGHOST"] = who.Host!, ["PGPORT"] = $"{who.Port}", ["PGUSER"] = who.Username!, ["PGPASSWORD"] = who.Password! };
    }

    /// <summary>A migrated, empty database of the owner's.</summary>
    public async Task<string> CreateDatabaseAsync(string name)
    {
        await ExecuteAsync("postgres", $"CREATE DATABASE {name} TEMPLATE registry OWNER registry_owner");
        return name;
    }

    /// <summary>Makes a backup, and answers with its file.</summary>
    public async Task<string> BackupAsync(string database, string folder, params string[] arguments)
    {
        Tool.Succeeded(await Tool.RunScriptAsync("backup", Environment, ["--database", database, "--dir", folder, .. arguments]));
        return Assert.Single(Directory.EnumerateFiles(folder, $"registry_backup_{database}_*"), file => !file.EndsWith(".sha256", StringComparison.Ordinal));
    }

    internal Task<ChildResult> RestoreAsync(string database, params string[] arguments) => Tool.RunScriptAsync("restore", Environment, ["--database", database, .. arguments]);

    public string NewFolder() => Directory.CreateDirectory(Path.Combine(Folder, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()).ToString("N"))).FullName;

    /// <summary>A connection string of the superuser, who sees everything.</summary>
    public string Superuser(string database) => new NpgsqlConnectionStringBuilder(Postgres.SuperuserConnectionString) { Database = database, Pooling = false }.ConnectionString;

    public async Task<string[]> DatabasesAsync() => await RowsAsync("postgres", "SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1");

    /// <summary>The first column of every row, as text.</summary>
    public async Task<string[]> RowsAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(Superuser(database));
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var rows = new List<string>();
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            rows.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        }

        return [.. rows];
    }

    public Task AddTenantAsync(string database, string tenantId) =>
        ExecuteAsync(database, $"INSERT INTO tenants (tenant_id, name, created_at, created_by, updated_at, revision) VALUES ('{tenantId}', '{tenantId}', now(), 'test', now(), 1)");

    public Task ExecuteAsync(string database, string sql) => RowsAsync(database, sql);

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
        }

        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
