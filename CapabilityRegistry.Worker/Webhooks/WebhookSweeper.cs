using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Data.Webhooks;
using CapabilityRegistry.Worker.Housekeeping;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Webhooks;

/// <summary>Removes deliveries that are finished for long enough, deleted webhooks with theirs, and secrets that sign no more: nobody sees or uses any of them.</summary>
internal sealed class WebhookSweeper(SystemDatabase database, IOptions<WebhooksOptions> options, TimeProvider clock, ILogger<WebhookSweeper> logger) : Sweeper(clock, logger)
{
    private const string FinishedSql =
        """
        DELETE FROM webhook_deliveries WHERE ctid = ANY (ARRAY (
            SELECT ctid FROM webhook_deliveries WHERE finished_at <= $1 ORDER BY finished_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    private const string OrphanedSql =
        """
        DELETE FROM webhook_deliveries WHERE ctid = ANY (ARRAY (
            SELECT d.ctid FROM webhook_deliveries d JOIN webhooks w ON w.webhook_id = d.webhook_id WHERE w.deleted_at <= $1 LIMIT $2 FOR UPDATE OF d SKIP LOCKED))
        """;

    private const string DeletedSql =
        """
        DELETE FROM webhooks WHERE ctid = ANY (ARRAY (
            SELECT w.ctid FROM webhooks w WHERE w.deleted_at <= $1 AND NOT EXISTS (SELECT FROM webhook_deliveries d WHERE d.webhook_id = w.webhook_id) LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    private const string SecretsSql =
        """
        UPDATE webhooks SET previous_secret = NULL, previous_secret_expires_at = NULL WHERE ctid = ANY (ARRAY (
            SELECT ctid FROM webhooks WHERE previous_secret_expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    private static readonly string[] Statements = [FinishedSql, OrphanedSql, DeletedSql, SecretsSql];

    private readonly TimeProvider _clock = clock;

    protected override async Task<int> SweepBatchAsync(int most, CancellationToken cancellationToken)
    {
        var (now, removed) = (_clock.GetUtcNow(), 0);
        await using var connection = await database.OpenAsync(cancellationToken);
        foreach (var sql in Statements)
        {
            var until = sql == FinishedSql ? now.AddDays(-options.Value.RetentionDays) : now;
            await using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = until }, new() { Value = most - removed } } };
            removed += await command.ExecuteNonQueryAsync(cancellationToken);
        }

        return removed;
    }
}
