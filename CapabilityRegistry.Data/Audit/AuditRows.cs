using CapabilityRegistry.Data.Model;
using Npgsql;
using NpgsqlTypes;

namespace CapabilityRegistry.Data.Audit;

/// <summary>Entries and links as SQL sees them.</summary>
internal static class AuditRows
{
    /// <summary>The columns of an entry <c>a</c>.</summary>
    public const string Entry = "a.tenant_id, a.audit_id, a.change_id, a.occurred_at, a.actor, a.actor_address, a.action, a.resource_type, a.resource_id, a.before_hash, a.after_hash, a.request_id";

    /// <summary>The columns of a link <c>l</c>.</summary>
    public const string Link = "l.tenant_id, l.ordinal, l.position, l.audit_id, l.change_id, l.entry_hash, l.link_hash";

    /// <summary>How many columns a link has.</summary>
    public const int LinkColumns = 7;

    /// <summary>The entries of a tenant ($1) that no link names and that do not wait for one: whose event, if there is any, is not behind a position ($2).</summary>
    public const string Unlinked =
        """
        FROM audit_entries a
        WHERE a.tenant_id = $1 AND NOT EXISTS (SELECT FROM audit_links l WHERE l.change_id = a.change_id AND l.tenant_id = $1)
            AND a.change_id NOT IN (SELECT e.change_id FROM events e WHERE e.tenant_id = $1 AND (e.position > $2 OR e.position IS NULL))
        """;

    public static AuditEntry ReadEntry(NpgsqlDataReader row, int from = 0) => new()
    {
        TenantId = row.GetString(from),
        AuditId = row.GetInt64(from + 1),
        ChangeId = row.GetGuid(from + 2),
        OccurredAt = row.GetFieldValue<DateTimeOffset>(from + 3),
        Actor = row.GetString(from + 4),
        ActorAddress = Text(row, from + 5),
        Action = row.GetString(from + 6),
        ResourceType = row.GetString(from + 7),
        ResourceId = row.GetString(from + 8),
        BeforeHash = row.IsDBNull(from + 9) ? null : row.GetFieldValue<byte[]>(from + 9),
        AfterHash = row.IsDBNull(from + 10) ? null : row.GetFieldValue<byte[]>(from + 10),
        RequestId = Text(row, from + 11),
    };

    public static AuditLink ReadLink(NpgsqlDataReader row) => new()
    {
        TenantId = row.GetString(0),
        Ordinal = row.GetInt64(1),
        Position = row.GetInt64(2),
        AuditId = row.IsDBNull(3) ? null : row.GetInt64(3),
        ChangeId = row.IsDBNull(4) ? null : row.GetGuid(4),
        EntryHash = row.GetFieldValue<byte[]>(5),
        LinkHash = row.GetFieldValue<byte[]>(6),
    };

    /// <summary>The digest of entries that no link names, up to the last one, and which one that was.</summary>
    /// <param name="connection">A connection that sees the tenant.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="position">Events behind it are linked later.</param>
    /// <param name="last">The last entry to look at.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<(byte[] Digest, long? Last)> SealAsync(NpgsqlConnection connection, string tenantId, long position, long last, CancellationToken cancellationToken)
    {
        using var form = new CanonicalForm("registry-audit-seal/1").Add(tenantId);
        await using var command = Command(connection, $"SELECT {Entry} {Unlinked} AND a.audit_id <= $3 ORDER BY a.audit_id", tenantId, position, last);
        long? sealedLast = null;
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var entry = ReadEntry(reader);
            form.Add(AuditHashes.Of(entry));
            sealedLast = entry.AuditId;
        }

        return (form.Hash(), sealedLast);
    }

    public static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params object[] values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        return command;
    }

    /// <summary>A column of values of which some may be missing.</summary>
    public static NpgsqlParameter Column<T>(IEnumerable<T> values, NpgsqlDbType type) => new() { Value = values.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | type };

    private static string? Text(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
