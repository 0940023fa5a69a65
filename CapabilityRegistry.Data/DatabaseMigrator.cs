using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Data;

/// <summary>Brings the schema up to date. Waits for a server that is still starting; a server that refuses is an error at once.</summary>
public sealed partial class DatabaseMigrator(RegistryDbContext database, TimeProvider clock, ILogger<DatabaseMigrator> logger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Applies the migrations that are missing. Safe to run from several processes at once: EF Core's migration lock lets one do it.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        while (true)
        {
            try
            {
                var missing = (await database.Database.GetPendingMigrationsAsync(cancellationToken)).ToArray();
                await database.Database.MigrateAsync(cancellationToken);
                Log.Migrated(logger, missing.Length, clock.GetElapsedTime(started).TotalMilliseconds);
                return;
            }
            catch (Exception exception) when (IsStarting(exception) && clock.GetElapsedTime(started) < Patience)
            {
                Log.Waiting(logger, exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);
            }
        }
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
