using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace CapabilityRegistry.Worker.Webhooks;

/// <summary>A delivery that this process alone makes an attempt at, until the lease ends.</summary>
internal sealed record ClaimedDelivery(
    string TenantId, Guid DeliveryId, Guid WebhookId, Guid LeaseId, byte[] Payload, int Tries, string Url, bool Enabled, byte[] Secret, byte[]? PreviousSecret, DateTimeOffset? PreviousSecretExpiresAt);

/// <summary>What becomes of a delivery after an attempt.</summary>
internal sealed record DeliveryVerdict(DeliveryState State, DateTimeOffset DueAt);

/// <summary>The deliveries as a queue that any number of workers share. A delivery is leased for a while, not locked: no transaction is open while a receiver takes its time, and what a worker
/// held that was killed is due again when its lease ends.</summary>
internal sealed class DeliveryQueue(SystemDatabase database)
{
    /// <summary>How many deliveries one claim looks at, so that one webhook's backlog does not hide the others'.</summary>
    private const int Window = 1_000;

    /// <summary>Every webhook gets as many as it has room for ($4 and $5: how many it is being sent already), the oldest first.</summary>
    private const string ClaimSql =
        """
        WITH sending AS (SELECT * FROM unnest($4::uuid[], $5::int[]) AS s (webhook_id, busy)),
        due AS MATERIALIZED (
            SELECT d.delivery_id, d.webhook_id, d.due_at, d.position, coalesce(s.busy, 0) AS busy FROM webhook_deliveries d LEFT JOIN sending s ON s.webhook_id = d.webhook_id
            WHERE d.state = 'pending' AND d.due_at <= $1 AND (d.leased_until IS NULL OR d.leased_until <= $1) AND coalesce(s.busy, 0) < $6
            ORDER BY d.due_at LIMIT $7),
        fair AS (
            SELECT t.delivery_id FROM (SELECT *, row_number() OVER (PARTITION BY webhook_id ORDER BY due_at, position) AS turn FROM due) t
            WHERE t.busy + t.turn <= $6 ORDER BY t.due_at, t.position LIMIT $8),
        mine AS (
            SELECT d.delivery_id FROM webhook_deliveries d WHERE d.delivery_id IN (SELECT delivery_id FROM fair)
                AND d.state = 'pending' AND d.due_at <= $1 AND (d.leased_until IS NULL OR d.leased_until <= $1) FOR UPDATE SKIP LOCKED)
        UPDATE webhook_deliveries d SET leased_until = $2, lease_id = $3 FROM mine, webhooks w WHERE d.delivery_id = mine.delivery_id AND w.webhook_id = d.webhook_id
        RETURNING d.tenant_id, d.delivery_id, d.webhook_id, d.payload, d.tries, w.url, w.enabled, w.secret, w.previous_secret, w.previous_secret_expires_at
        """;

    /// <summary>Every attempt is recorded. What becomes of the delivery is decided by who holds the lease: it can have ended meanwhile, or a redelivery been asked for.</summary>
    private const string RecordSql =
        """
        WITH marked AS (
            UPDATE webhooks SET failing_since = CASE WHEN $9 THEN NULL ELSE $5 END WHERE webhook_id = $10 AND (failing_since IS NULL) <> $9),
        recorded AS (
            UPDATE webhook_deliveries SET attempts = attempts + 1, last_status = $6,
                tries = CASE WHEN lease_id = $2 THEN tries + 1 ELSE tries END,
                state = CASE WHEN lease_id = $2 THEN $3 ELSE state END,
                due_at = CASE WHEN lease_id = $2 THEN $4 ELSE due_at END,
                finished_at = CASE WHEN lease_id = $2 AND $3 <> 'pending' THEN $11 ELSE finished_at END,
                leased_until = CASE WHEN lease_id = $2 THEN NULL ELSE leased_until END,
                lease_id = CASE WHEN lease_id = $2 THEN NULL ELSE lease_id END
            WHERE delivery_id = $1 RETURNING tenant_id, delivery_id, attempts)
        INSERT INTO webhook_attempts (tenant_id, delivery_id, number, started_at, duration_ms, status, error, response)
        SELECT tenant_id, delivery_id, attempts, $5, $12, $6, $7, $8 FROM recorded
        """;

    private const string CancelSql =
        """
        UPDATE webhook_deliveries SET state = 'cancelled', finished_at = $2, leased_until = NULL, lease_id = NULL
        WHERE webhook_id = $1 AND state = 'pending' AND due_at <= $2 AND NOT EXISTS (SELECT FROM webhooks w WHERE w.webhook_id = $1 AND w.enabled)
        """;

    /// <summary>Takes deliveries that are due.</summary>
    /// <param name="now">The time.</param>
    /// <param name="leasedUntil">When they are due again unless something is recorded.</param>
    /// <param name="most">How many at most.</param>
    /// <param name="mostPerWebhook">How many of one webhook at most, with those in <paramref name="sending"/>.</param>
    /// <param name="sending">How many each webhook is being sent by this process.</param>
    /// <param name="cancellationToken">Cancels the claim.</param>
    public async Task<IReadOnlyList<ClaimedDelivery>> ClaimAsync(
        DateTimeOffset now, DateTimeOffset leasedUntil, int most, int mostPerWebhook, IReadOnlyDictionary<Guid, int> sending, CancellationToken cancellationToken)
    {
        var lease = Guid.CreateVersion7(now);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(ClaimSql, connection);
        AddParameters(command, now, leasedUntil, lease, sending.Keys.ToArray(), sending.Values.ToArray(), mostPerWebhook, Window, most);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var claimed = new List<ClaimedDelivery>();
        while (await reader.ReadAsync(cancellationToken))
        {
            claimed.Add(new(
                reader.GetString(0), reader.GetGuid(1), reader.GetGuid(2), lease, reader.GetFieldValue<byte[]>(3), reader.GetInt32(4), reader.GetString(5), reader.GetBoolean(6), reader.GetFieldValue<byte[]>(7),
                reader.IsDBNull(8) ? null : reader.GetFieldValue<byte[]>(8), reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9)));
        }

        return claimed;
    }

    /// <summary>Keeps an attempt, what becomes of its delivery, and whether the webhook is failing.</summary>
    public async Task RecordAsync(ClaimedDelivery delivery, AttemptResult result, DeliveryVerdict verdict, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(RecordSql, connection);
        AddParameters(command, delivery.DeliveryId, delivery.LeaseId, Words.Of(verdict.State), verdict.DueAt, result.StartedAt);
        command.Parameters.Add(new() { Value = (object?)result.Status ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Smallint });
        command.Parameters.Add(new() { Value = (object?)result.Error ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        command.Parameters.Add(new() { Value = (object?)result.Response ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        AddParameters(command, result.Outcome is AttemptOutcome.Delivered, delivery.WebhookId, result.StartedAt + result.Duration, (int)result.Duration.TotalMilliseconds);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Ends what is due of a webhook that is disabled.</summary>
    public async Task CancelDueAsync(Guid webhookId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(CancelSql, connection);
        AddParameters(command, webhookId, now);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>How many deliveries are pending, of all tenants.</summary>
    public async Task<long> CountPendingAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT count(*) FROM webhook_deliveries WHERE state = 'pending'", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static void AddParameters(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }
    }
}
