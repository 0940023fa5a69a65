using System.Collections.Concurrent;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Data.Writing;

/// <summary>Keeps the planner's statistics in step with what is written.</summary>
/// <remarks>A planner that believes a tenant has one row reads all of its rows again and again: measured, an import of 63,000 capabilities took four times as long and its export
/// did not end. Autovacuum looks once a minute; this looks when a tenant has grown fourfold.</remarks>
public sealed partial class TableStatistics(SystemDatabase database, ILogger<TableStatistics> logger)
{
    private const int FirstLook = 200;
    private const int Growth = 4;

    private readonly ConcurrentDictionary<string, Tally> _tallies = new(StringComparer.Ordinal);

    /// <summary>Counts new versions of a tenant and refreshes the statistics when it is time.</summary>
    public Task CountAsync(string tenantId, int created, CancellationToken cancellationToken) =>
        _tallies.GetOrAdd(tenantId, static _ => new()).IsTimeAfter(created) ? RefreshAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>The same without waiting: a single write is not held up by it, and does not fail of it.</summary>
    public void Count(string tenantId)
    {
        if (_tallies.GetOrAdd(tenantId, static _ => new()).IsTimeAfter(1))
        {
            _ = TryRefreshAsync();
        }
    }

    private async Task TryRefreshAsync()
    {
        try
        {
            await RefreshAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException or ObjectDisposedException)
        {
            Log.Failed(logger, exception.Message);
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT refresh_statistics()", connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private sealed class Tally
    {
        private readonly Lock _lock = new();
        private long _created;
        private long _next = FirstLook;

        public bool IsTimeAfter(int created)
        {
            lock (_lock)
            {
                _created += created;
                if (_created < _next)
                {
                    return false;
                }

                _next = _created * Growth;
                return true;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The planner's statistics could not be refreshed; autovacuum does it later: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
