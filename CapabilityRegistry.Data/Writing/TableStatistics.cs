using System.Collections.Concurrent;
using Npgsql;

namespace CapabilityRegistry.Data.Writing;

/// <summary>Keeps the planner's statistics in step with bulk imports.</summary>
/// <remarks>A planner that believes a tenant has one row reads all of its rows again and again: measured, an import of 63,000 capabilities took four times as long and its export
/// did not end. Autovacuum looks once a minute; this looks when a tenant has grown fourfold.</remarks>
public sealed class TableStatistics(NpgsqlDataSource dataSource)
{
    private const int FirstLook = 1_000;
    private const int Growth = 4;

    private readonly ConcurrentDictionary<string, Tally> _tallies = new(StringComparer.Ordinal);

    /// <summary>Counts new versions of a tenant and refreshes the statistics when it is time.</summary>
    public async Task CountAsync(string tenantId, int created, CancellationToken cancellationToken)
    {
        var tally = _tallies.GetOrAdd(tenantId, static _ => new());
        if (!tally.IsTimeAfter(created))
        {
            return;
        }

        await using var command = dataSource.CreateCommand("ANALYZE names, capabilities, capability_versions, dependencies, provided_services");
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
}
