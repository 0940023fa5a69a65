using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Worker.Housekeeping;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Notifications;

/// <summary>Removes notifications some time after they were sent or given up. What is not told yet stays.</summary>
internal sealed class NotificationSweeper(SystemDatabase database, IOptions<NotificationOptions> options, TimeProvider clock, ILogger<NotificationSweeper> logger) : Sweeper(clock, logger)
{
    private const string Sql =
        """
        DELETE FROM notifications WHERE ctid = ANY (ARRAY (SELECT ctid FROM notifications WHERE done_at <= $1 ORDER BY done_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    private readonly TimeProvider _clock = clock;

    protected override async Task<int> SweepBatchAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = _clock.GetUtcNow().AddDays(-options.Value.RetentionDays) }, new() { Value = most } } };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
