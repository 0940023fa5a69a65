using System.Diagnostics;
using Npgsql;

namespace CapabilityRegistry.Data.Events;

/// <summary>Gives committed events their positions in the one sequence.</summary>
/// <remarks>
/// <para>Invariant: positions have no gaps, and who has seen position N never later finds a smaller one that it has not seen. It holds because only one transaction at a
/// time gives positions (an advisory lock), it gives them to committed events only, and its own commit makes them visible all at once. Writers never wait for it and share
/// no row. docs/adr/0005 has the reasoning.</para>
/// <para>Any process may run it at any time; with nothing to do it costs one index probe.</para>
/// </remarks>
public sealed class Sequencer(NpgsqlDataSource dataSource, TimeProvider clock)
{
    /// <summary>The advisory lock of the sequencer: "regseq" in ASCII.</summary>
    private const long LockKey = 0x726567736571;

    private const int TracesShown = 8;

    private const string Sql =
        $"""
        WITH pending AS (
            SELECT event_id, row_number() OVER (ORDER BY event_id) AS n FROM events WHERE position IS NULL),
        given AS (
            UPDATE events e SET position = (SELECT coalesce(max(position), 0) FROM events) + pending.n
            FROM pending WHERE e.event_id = pending.event_id RETURNING e.position, e.trace_parent),
        head AS (SELECT count(*) AS given, max(position) AS position, array_agg(DISTINCT trace_parent) FILTER (WHERE trace_parent IS NOT NULL) AS traces FROM given)
        SELECT given, traces, CASE WHEN given > 0 THEN pg_notify('{EventChannels.Sequenced}', position::text) END FROM head
        """;

    private static readonly ActivitySource Spans = new("CapabilityRegistry");

    /// <summary>Gives positions to everything that is committed when the lock is won.</summary>
    /// <returns>How many events got one.</returns>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        if (!await IsAnythingPendingAsync(connection, cancellationToken))
        {
            return 0;
        }

        var started = clock.GetUtcNow();
        var (given, traces) = await GiveAsync(connection, cancellationToken);
        foreach (var trace in traces.Take(TracesShown))
        {
            using var span = Spans.StartActivity("registry.sequence", ActivityKind.Consumer, trace, startTime: started);
        }

        return given;
    }

    private static async Task<bool> IsAnythingPendingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var probe = new NpgsqlCommand("SELECT EXISTS (SELECT FROM events WHERE position IS NULL)", connection);
        return await probe.ExecuteScalarAsync(cancellationToken) is true;
    }

    private static async Task<(long Given, string[] Traces)> GiveAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using (var wait = new NpgsqlCommand("SELECT pg_advisory_xact_lock($1)", connection) { Parameters = { new() { Value = LockKey } } })
        {
            await wait.ExecuteNonQueryAsync(cancellationToken);
        }

        var (given, traces) = (0L, Array.Empty<string>());
        await using (var give = new NpgsqlCommand(Sql, connection))
        {
            await using var reader = await give.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            given = reader.GetInt64(0);
            traces = reader.IsDBNull(1) ? [] : reader.GetFieldValue<string[]>(1);
        }

        await transaction.CommitAsync(cancellationToken);
        return (given, traces);
    }
}
