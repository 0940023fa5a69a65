using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Worker.Usage;

/// <summary>Sums the hours up to days.</summary>
/// <remarks>A day is never added to: it is summed up anew, from all of its hours, as long as more can come. That makes every repetition harmless, whoever repeats it; the lock only keeps two
/// workers from doing the same work. Processes write what they have counted within a day (docs/usage-and-notifications.md), so that the day before the last summing up is the first that can
/// have changed. A sum never shrinks: hours that are removed because of their age stay in it.</remarks>
internal sealed class UsageSums(SystemDatabase database, TimeProvider clock)
{
    /// <summary>"usagesum" in ASCII.</summary>
    private const long LockKey = 0x757361676573756d;

    private const string Sum =
        """
        INSERT INTO usage_daily (tenant_id, capability_id, kind, day, count)
        SELECT tenant_id, capability_id, kind, (hour AT TIME ZONE 'UTC')::date, sum(count)::bigint
        FROM usage_hourly
        WHERE hour >= (SELECT coalesce((summed_on - 1)::timestamp AT TIME ZONE 'UTC', '-infinity') FROM usage_roll_up)
        GROUP BY 1, 2, 3, 4
        ON CONFLICT (tenant_id, day, capability_id, kind) DO UPDATE SET count = excluded.count WHERE usage_daily.count < excluded.count
        """;

    /// <summary>Brings the days up to date. False when another worker is at it.</summary>
    public async Task<bool> RollUpAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var tryLock = new NpgsqlCommand($"SELECT pg_try_advisory_xact_lock({LockKey})", connection);
        if (await tryLock.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return false;
        }

        await using var sum = new NpgsqlCommand(Sum, connection);
        await sum.ExecuteNonQueryAsync(cancellationToken);
        await using var note = new NpgsqlCommand("UPDATE usage_roll_up SET summed_on = greatest(summed_on, $1), summed_at = $2", connection)
        {
            Parameters = { new() { Value = DateOnly.FromDateTime(now.UtcDateTime) }, new() { Value = now } },
        };
        await note.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }
}
