using Npgsql;
using NpgsqlTypes;

namespace CapabilityRegistry.Data.Events;

/// <summary>Reads the sequence, up to its durable head and never beyond.</summary>
public static class EventReader
{
    /// <summary>The columns of a <see cref="SequencedEvent"/>, in the order of its members. Names and versions are never removed, so that every event finds its own.</summary>
    private const string Select =
        """
        SELECT e.position, e.tenant_id, e.event_type, e.capability_id, n.name, e.version_id, v.version, e.composition_id, e.webhook_id, e.api_client_id, e.change_id, e.occurred_at, e.actor, e.trace_parent
        FROM events e LEFT JOIN names n ON n.name_id = e.capability_id LEFT JOIN capability_versions v ON v.version_id = e.version_id
        """;

    /// <summary>The last position that no crash can take back.</summary>
    public static async Task<long> HeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT position FROM sequence_head", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The events of all tenants that follow a position.</summary>
    public static Task<List<SequencedEvent>> ReadAsync(NpgsqlConnection connection, long after, int most, CancellationToken cancellationToken) => ReadAsync(
        new NpgsqlCommand($"{Select} WHERE e.position > $1 AND e.position <= (SELECT position FROM sequence_head) ORDER BY e.position LIMIT $2", connection)
        {
            Parameters = { new() { Value = after }, new() { Value = most } },
        },
        cancellationToken);

    /// <summary>The events of a tenant between two positions, of the types that are asked for.</summary>
    /// <param name="connection">A connection that sees the tenant.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="after">The first position is the next one.</param>
    /// <param name="through">The last position.</param>
    /// <param name="types">The types.</param>
    /// <param name="most">The number of events at most.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static Task<List<SequencedEvent>> ReadAsync(
        NpgsqlConnection connection, string tenantId, long after, long through, IReadOnlyCollection<string> types, int most, CancellationToken cancellationToken) => ReadAsync(
        new NpgsqlCommand($"{Select} WHERE e.tenant_id = $1 AND e.position > $2 AND e.position <= $3 AND e.event_type = ANY($4) ORDER BY e.position LIMIT $5", connection)
        {
            Parameters = { new() { Value = tenantId }, new() { Value = after }, new() { Value = through }, new() { Value = types.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text }, new() { Value = most } },
        },
        cancellationToken);

    private static async Task<List<SequencedEvent>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            var events = new List<SequencedEvent>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                events.Add(Read(reader));
            }

            return events;
        }
    }

    private static SequencedEvent Read(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        row.GetString(2),
        Id(row, 3),
        Text(row, 4),
        Id(row, 5),
        Text(row, 6),
        Id(row, 7),
        Id(row, 8),
        Id(row, 9),
        row.GetGuid(10),
        row.GetFieldValue<DateTimeOffset>(11),
        row.GetString(12),
        Text(row, 13));

    private static Guid? Id(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetGuid(column);

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
