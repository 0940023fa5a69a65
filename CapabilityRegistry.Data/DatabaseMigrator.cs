using System.Net.Sockets;
using CapabilityRegistry.Data.Search;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Data;

/// <summary>Brings the schema, the roles and the rights up to date, as the owner of the tables. Waits for a server that is still starting; a server that refuses is an error at once.</summary>
public sealed partial class DatabaseMigrator(IConfiguration configuration, TimeProvider clock, ILogger<DatabaseMigrator> logger)
{
    /// <summary>The advisory lock of the migrator: "regmig" in ASCII.</summary>
    private const long LockKey = 0x7265676d6967;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _application = configuration.GetConnectionString(RegistryData.ConnectionName) ?? "";

    /// <summary>Applies what is missing. Safe to run from several processes at once, and again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                var applied = await MigrateAsync(configuration.GetConnectionString(RegistryData.OwnerConnectionName) ?? _application, _application, cancellationToken);
                Log.Migrated(logger, applied, clock.GetElapsedTime(started).TotalMilliseconds);
                return;
            }
            catch (Exception exception) when (IsStarting(exception) && clock.GetElapsedTime(started) < Patience)
            {
                Log.Waiting(logger, exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);
            }
        }
    }

    /// <summary>Applies what is missing, once.</summary>
    /// <param name="ownerConnection">Connects as the owner of the tables.</param>
    /// <param name="applicationConnection">Connects as whom the system works; its login is made where it is missing and may be made.</param>
    /// <param name="cancellationToken">Cancels it; what is applied stays.</param>
    /// <returns>How many migrations were missing.</returns>
    public static async Task<int> MigrateAsync(string ownerConnection, string applicationConnection, CancellationToken cancellationToken)
    {
        var owner = new NpgsqlConnectionStringBuilder(ownerConnection) { Pooling = false };
        RegistryData.ForgoGss(owner);
        var connectionString = owner.ConnectionString;
        await using var roles = new NpgsqlConnection(connectionString);
        await roles.OpenAsync(cancellationToken);
        await new RoleSetup(roles, LockKey).RunAsync(new(applicationConnection), cancellationToken);

        await using var database = new RegistryDbContext(new DbContextOptionsBuilder<RegistryDbContext>().UseNpgsql(connectionString).UseSnakeCaseNamingConvention().Options);
        var missing = (await database.Database.GetPendingMigrationsAsync(cancellationToken)).Count();
        await database.Database.MigrateAsync(cancellationToken);
        await SecureAsync(roles, cancellationToken);
        if (missing > 0)
        {
            await SearchDocumentRebuild.RunAsync(roles, onlyMissing: true, cancellationToken);
        }

        return missing;
    }

    private static async Task SecureAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var source = typeof(DatabaseMigrator).Assembly.GetManifestResourceStream("security.sql")!;
        using var reader = new StreamReader(source);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"SELECT pg_advisory_xact_lock({LockKey});\n{await reader.ReadToEndAsync(cancellationToken)}", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static bool IsStarting(Exception exception) =>
        exception is SocketException or TimeoutException
        || exception is PostgresException { SqlState: PostgresErrorCodes.CannotConnectNow }
        || (exception is NpgsqlException and not PostgresException)
        || (exception.InnerException is { } inner && IsStarting(inner));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The schema is up to date: {Count} migrations applied in {DurationMs} ms.")]
        public static partial void Migrated(ILogger logger, int count, double durationMs);

        [LoggerMessage(LogLevel.Information, "Waiting for the database: {Reason}")]
        public static partial void Waiting(ILogger logger, string reason);
    }
}
