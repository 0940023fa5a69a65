using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Data.Usage;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Usage;

/// <summary>Computes <c>popularity_score</c> and <c>usage_count</c> of every capability, once a day.</summary>
/// <remarks>A score is a function of the days, so that it can be computed again by anybody at any time. Only what differs is written, in small batches, without a revision and without an
/// event for each: the batch's one event says that the tenant's pages look different. One worker is at it at a time.</remarks>
internal sealed class PopularityScores(SystemDatabase database, IOptions<UsageOptions> options, TimeProvider clock)
{
    private const int BatchSize = 1_000;

    /// <summary>"usagepop" in ASCII.</summary>
    private const long LockKey = 0x7573616765706f70;

    private const string Uses =
        """
        SELECT capability_id, day, sum(count)::bigint FROM usage_daily WHERE tenant_id = $1 AND day > $2 AND kind <> 'root' GROUP BY 1, 2
        """;

    private const string Pages = "SELECT capability_id, capability_code, popularity_score, usage_count FROM capabilities WHERE tenant_id = $1 AND capability_code > $2 ORDER BY capability_code LIMIT $3";

    private const string Write =
        $"""
        WITH event AS (
            INSERT INTO events (tenant_id, event_type, occurred_at, actor, change_id) VALUES ($1, '{EventTypes.UsageRolledUp}', $5, 'system', $6))
        UPDATE capabilities c SET popularity_score = new.score, usage_count = new.uses FROM unnest($2, $3, $4) AS new (id, score, uses) WHERE c.tenant_id = $1 AND c.capability_id = new.id
        """;

    /// <summary>Computes the scores of today, unless that is done. False when it is, or another worker is at it.</summary>
    public async Task<bool> ComputeAsync(CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

        // Held by the session, so that no transaction is open meanwhile.
        await using var connection = await database.OpenAsync(cancellationToken);
        if (await AskAsync(connection, $"SELECT pg_try_advisory_lock({LockKey})", [], cancellationToken) is not true)
        {
            return false;
        }

        try
        {
            return await ComputeAsync(connection, today, cancellationToken);
        }
        finally
        {
            // The pool resets a session only when it is used again.
            await AskAsync(connection, $"SELECT pg_advisory_unlock({LockKey})", [], CancellationToken.None);
        }
    }

    private async Task<bool> ComputeAsync(NpgsqlConnection connection, DateOnly today, CancellationToken cancellationToken)
    {
        if (await AskAsync(connection, "SELECT scored_on < $1 IS NOT FALSE FROM usage_roll_up", [today], cancellationToken) is not true)
        {
            return false;
        }

        foreach (var tenantId in await TenantsAsync(connection, cancellationToken))
        {
            await ComputeAsync(connection, tenantId, today, cancellationToken);
        }

        await AskAsync(connection, "UPDATE usage_roll_up SET scored_on = $1", [today], cancellationToken);
        return true;
    }

    /// <summary>Writes the scores of a tenant that have changed.</summary>
    private async Task ComputeAsync(NpgsqlConnection connection, string tenantId, DateOnly today, CancellationToken cancellationToken)
    {
        var uses = await UsesAsync(connection, tenantId, today, cancellationToken);
        var p99 = Popularity.Percentile(uses.Values.Select(u => u.Decayed));
        var last = "";
        while (await PagesAsync(connection, tenantId, last, cancellationToken) is { Count: > 0 } pages)
        {
            last = pages[^1].Code;
            var scores = pages.ConvertAll(p => (p.Id, Score: Popularity.Score(uses.GetValueOrDefault(p.Id).Decayed, p99), Uses: uses.GetValueOrDefault(p.Id).Total));
            var changed = scores.Where((s, i) => s.Score != pages[i].Score || s.Uses != pages[i].Uses).ToArray();
            if (changed.Length > 0)
            {
                var now = clock.GetUtcNow();
                object[] values = [tenantId, Array.ConvertAll(changed, c => c.Id), Array.ConvertAll(changed, c => c.Score), Array.ConvertAll(changed, c => c.Uses), now, Guid.CreateVersion7(now)];
                await AskAsync(connection, Write, values, cancellationToken);
            }
        }
    }

    private async Task<Dictionary<Guid, (double Decayed, long Total)>> UsesAsync(NpgsqlConnection connection, string tenantId, DateOnly today, CancellationToken cancellationToken)
    {
        var uses = new Dictionary<Guid, (double Decayed, long Total)>();
        await using var command = Command(connection, Uses, [tenantId, today.AddDays(-options.Value.DailyDays)]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (id, day, count) = (reader.GetGuid(0), reader.GetFieldValue<DateOnly>(1), reader.GetInt64(2));
            var (decayed, total) = uses.GetValueOrDefault(id);
            uses[id] = (decayed + Popularity.Decayed(count, today.DayNumber - day.DayNumber, options.Value.HalfLifeDays), total + count);
        }

        return uses;
    }

    private static async Task<List<(Guid Id, string Code, double Score, long Uses)>> PagesAsync(NpgsqlConnection connection, string tenantId, string after, CancellationToken cancellationToken)
    {
        var pages = new List<(Guid Id, string Code, double Score, long Uses)>();
        await using var command = Command(connection, Pages, [tenantId, after, BatchSize]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            pages.Add((reader.GetGuid(0), reader.GetString(1), reader.GetDouble(2), reader.GetInt64(3)));
        }

        return pages;
    }

    private static async Task<List<string>> TenantsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var tenants = new List<string>();
        await using var command = new NpgsqlCommand("SELECT tenant_id FROM tenants ORDER BY tenant_id", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            tenants.Add(reader.GetString(0));
        }

        return tenants;
    }

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql, object[] values, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, sql, values);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }
}
