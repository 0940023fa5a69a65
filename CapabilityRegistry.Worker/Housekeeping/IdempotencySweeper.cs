using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Worker.Housekeeping;

/// <summary>Removes the kept answers that no repeat can get any more: what has expired is not answered with, whether it is still there or not.</summary>
internal sealed class IdempotencySweeper(SystemDatabase database, TimeProvider clock, ILogger<IdempotencySweeper> logger) : Sweeper(clock, logger)
{
    /// <summary>Two workers take different rows, and neither waits for a request that is replacing one.</summary>
    private const string Sql =
        """
        DELETE FROM idempotent_answers WHERE ctid = ANY (ARRAY (
            SELECT ctid FROM idempotent_answers WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2 FOR UPDATE SKIP LOCKED))
        """;

    private readonly TimeProvider _clock = clock;

    protected override async Task<int> SweepBatchAsync(int most, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = _clock.GetUtcNow() }, new() { Value = most } } };
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
