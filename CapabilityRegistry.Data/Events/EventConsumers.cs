using System.Text.Json;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Data.Events;

/// <summary>A consumer's place, held by one worker for a while.</summary>
/// <param name="Consumer">The consumer.</param>
/// <param name="Position">Everything up to here is dealt with.</param>
/// <param name="Attempts">How often the next event has failed.</param>
public sealed record ConsumerLease(string Consumer, long Position, int Attempts);

/// <summary>How far one consumer is behind.</summary>
public sealed record ConsumerLag(string Consumer, long Events, long Parked);

/// <summary>The stored places of the consumers. No transaction is open while a consumer works: a lease says who is at it, by the database's clock.</summary>
/// <remarks>A worker whose lease has run out can still be at work. What it moves is refused then, because it no longer owns the place; what it did is done again, which consumers bear.</remarks>
public sealed class EventConsumers(SystemDatabase database, TimeProvider clock, string owner)
{
    /// <summary>How long a worker that dies keeps others away.</summary>
    public static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(15);

    /// <summary>Takes a consumer's place when there is something to do for it, it is not waiting for a retry, and no other worker is at it.</summary>
    public async Task<ConsumerLease?> ClaimAsync(string consumer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var claim = Command(
            connection,
            """
            UPDATE event_consumers c SET lease_owner = $2, lease_until = now() + $3, updated_at = now()
            FROM sequence_head h
            WHERE c.consumer = $1 AND c.position < h.position AND (c.retry_at IS NULL OR c.retry_at <= now()) AND (c.lease_owner = $2 OR c.lease_until IS NULL OR c.lease_until < now())
            RETURNING c.position, c.attempts
            """,
            consumer,
            owner,
            LeaseTime);
        await using var reader = await claim.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(consumer, reader.GetInt64(0), reader.GetInt32(1)) : null;
    }

    /// <summary>Makes a place for a consumer that has none, at the beginning of what is kept.</summary>
    public async Task EnsureAsync(string consumer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var insert = Command(
            connection,
            "INSERT INTO event_consumers (consumer, position, attempts, updated_at) SELECT $1, coalesce((SELECT min(position) - 1 FROM events WHERE position IS NOT NULL), 0), 0, now() ON CONFLICT DO NOTHING",
            consumer);
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Keeps a place for longer. False when another worker has it.</summary>
    public Task<bool> RenewAsync(ConsumerLease lease, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE event_consumers SET lease_until = now() + $3 WHERE consumer = $1 AND lease_owner = $2", cancellationToken, lease.Consumer, owner, LeaseTime);

    /// <summary>Moves a place forward. False when another worker has it.</summary>
    public Task<bool> AdvanceAsync(ConsumerLease lease, long position, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE event_consumers SET position = $4, attempts = 0, retry_at = NULL, last_error = NULL, lease_until = now() + $5, updated_at = now()
        WHERE consumer = $1 AND lease_owner = $2 AND position = $3
        """,
        cancellationToken,
        lease.Consumer,
        owner,
        lease.Position,
        position,
        LeaseTime);

    /// <summary>Leaves a place where it is, to be tried again later by whoever comes first.</summary>
    public Task<bool> RetryAsync(ConsumerLease lease, int attempts, TimeSpan pause, string error, CancellationToken cancellationToken) => ChangeAsync(
        """
        UPDATE event_consumers SET attempts = $4, retry_at = now() + $5, last_error = $6, lease_until = NULL, updated_at = now()
        WHERE consumer = $1 AND lease_owner = $2 AND position = $3
        """,
        cancellationToken,
        lease.Consumer,
        owner,
        lease.Position,
        attempts,
        pause,
        error);

    /// <summary>Puts the next event aside and moves the place past it. False when another worker has it.</summary>
    public async Task<bool> ParkAsync(ConsumerLease lease, SequencedEvent parked, string error, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var park = Command(
            connection,
            """
            WITH moved AS (
                UPDATE event_consumers SET position = $4, attempts = 0, retry_at = NULL, last_error = NULL, updated_at = now()
                WHERE consumer = $1 AND lease_owner = $2 AND position = $3 RETURNING consumer)
            INSERT INTO parked_events (consumer, position, tenant_id, event_type, event, attempts, error, parked_event_id, parked_at)
            SELECT consumer, $4, $5, $6, $7::json, $8, $9, $10, now() FROM moved ON CONFLICT (consumer, position) DO NOTHING
            """,
            lease.Consumer,
            owner,
            lease.Position,
            parked.Position,
            parked.TenantId,
            parked.EventType,
            JsonSerializer.Serialize(parked, RegistryJson.Options),
            lease.Attempts + 1,
            error,
            Guid.CreateVersion7(clock.GetUtcNow()));
        return await park.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    /// <summary>The parked events of a consumer that an operator wants tried again.</summary>
    public async Task<IReadOnlyList<SequencedEvent>> ReplaysAsync(string consumer, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = Command(connection, "SELECT event::text FROM parked_events WHERE consumer = $1 AND replay_requested_at IS NOT NULL ORDER BY position LIMIT 100", consumer);
        var replays = new List<SequencedEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            replays.Add(JsonSerializer.Deserialize<SequencedEvent>(reader.GetString(0), RegistryJson.Options)!);
        }

        return replays;
    }

    /// <summary>Takes a parked event away after its replay.</summary>
    public Task<bool> ReplayedAsync(string consumer, long position, CancellationToken cancellationToken) =>
        ChangeAsync("DELETE FROM parked_events WHERE consumer = $1 AND position = $2", cancellationToken, consumer, position);

    /// <summary>Leaves a parked event parked after its replay failed.</summary>
    public Task<bool> ReplayFailedAsync(string consumer, long position, string error, CancellationToken cancellationToken) => ChangeAsync(
        "UPDATE parked_events SET attempts = attempts + 1, error = $3, replay_requested_at = NULL WHERE consumer = $1 AND position = $2", cancellationToken, consumer, position, error);

    /// <summary>How far all consumers are behind.</summary>
    public async Task<IReadOnlyList<ConsumerLag>> LagsAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = Command(
            connection,
            "SELECT c.consumer, greatest(h.position - c.position, 0), (SELECT count(*) FROM parked_events p WHERE p.consumer = c.consumer) FROM event_consumers c, sequence_head h ORDER BY c.consumer");
        var lags = new List<ConsumerLag>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            lags.Add(new(reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2)));
        }

        return lags;
    }

    /// <summary>Lets other workers at everything that this one holds.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var release = Command(connection, "UPDATE event_consumers SET lease_owner = NULL, lease_until = NULL WHERE lease_owner = $1", owner);
        await release.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<bool> ChangeAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = Command(connection, sql, values);
        return await command.ExecuteNonQueryAsync(cancellationToken) > 0;
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
