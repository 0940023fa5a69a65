using System.ComponentModel.DataAnnotations;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Housekeeping;

/// <summary>The section <c>EventRetention</c>: how long the sequence is kept.</summary>
internal sealed class EventRetentionOptions
{
    public const string SectionName = "EventRetention";

    /// <summary>Followers that were away for longer must begin anew from a snapshot.</summary>
    [Range(1, 36_500)]
    public int Days { get; set; } = 90;
}

/// <summary>Removes the oldest events, and remembers for each tenant how far.</summary>
/// <remarks>Kept in any case: what a consumer has not dealt with yet, and each tenant's last event, by which snapshots know their position and the sequencer its own.</remarks>
internal sealed class EventSweeper(SystemDatabase database, IOptions<EventRetentionOptions> options, TimeProvider clock, ILogger<EventSweeper> logger) : Sweeper(clock, logger)
{
    private const string Sql =
        """
        WITH doomed AS (
            SELECT e.event_id FROM events e
            WHERE e.position <= coalesce((SELECT min(position) FROM event_consumers), 0) AND e.occurred_at < $1
                AND EXISTS (SELECT FROM events later WHERE later.tenant_id = e.tenant_id AND later.position > e.position)
            ORDER BY e.position LIMIT $2 FOR UPDATE SKIP LOCKED),
        gone AS (
            DELETE FROM events WHERE event_id IN (SELECT event_id FROM doomed) RETURNING tenant_id, position),
        floors AS (
            UPDATE tenants t SET feed_floor = greatest(t.feed_floor, f.position)
            FROM (SELECT tenant_id, max(position) AS position FROM gone GROUP BY tenant_id) f WHERE t.tenant_id = f.tenant_id)
        SELECT count(*)::int FROM gone
        """;

    private readonly TimeProvider _clock = clock;

    protected override async Task<int> SweepBatchAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = _clock.GetUtcNow().AddDays(-options.Value.Days) }, new() { Value = most } } };
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
