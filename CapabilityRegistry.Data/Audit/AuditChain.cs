using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;
using NpgsqlTypes;

namespace CapabilityRegistry.Data.Audit;

/// <summary>Links audit entries by hash, tenant by tenant, in the order of the one sequence.</summary>
/// <remarks>One transaction at a time links (an advisory lock), and everything that follows a tenant's last link is linked after it: so ordinals have no gaps, and a batch that comes again
/// does nothing. What a tenant had before its chain is sealed with the chain's first row. docs/adr/0016 has the reasoning.</remarks>
public sealed class AuditChain(SystemDatabase database)
{
    /// <summary>The name of the consumer that drives it, under which its place in the sequence is kept.</summary>
    public const string Consumer = "audit-chain";

    /// <summary>The advisory lock of the chain: "audchn" in ASCII.</summary>
    private const long LockKey = 0x61756463686e;

    /// <summary>Links a batch of the sequence. It must follow what has been linked without a gap; it may overlap.</summary>
    public async Task AppendAsync(IReadOnlyList<SequencedEvent> events, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(events);
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);

        // Before the statement that looks for the last links, so that it sees those of whoever had the lock before.
        await using var wait = AuditRows.Command(connection, $"SELECT pg_advisory_xact_lock({LockKey})");
        await wait.ExecuteNonQueryAsync(cancellationToken);
        var links = await LinkAsync(connection, events, cancellationToken);
        if (links.Count > 0)
        {
            await InsertAsync(connection, links, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
    }

    private static async Task<List<AuditLink>> LinkAsync(NpgsqlConnection connection, IReadOnlyList<SequencedEvent> events, CancellationToken cancellationToken)
    {
        var tails = await TailsAsync(connection, [.. events.Select(e => e.TenantId).Distinct(StringComparer.Ordinal)], cancellationToken);
        var entries = await EntriesAsync(connection, [.. events.Select(e => e.ChangeId)], cancellationToken);
        var links = new List<AuditLink>();
        foreach (var e in events)
        {
            if (!tails.TryGetValue(e.TenantId, out var tail))
            {
                links.Add(tail = await SealAsync(connection, e.TenantId, cancellationToken));
            }

            if (e.Position > tail.Position)
            {
                links.Add(tail = Behind(tail, e, entries.GetValueOrDefault(e.ChangeId)));
            }

            tails[e.TenantId] = tail;
        }

        return links;
    }

    private static async Task<Dictionary<string, AuditLink>> TailsAsync(NpgsqlConnection connection, string[] tenants, CancellationToken cancellationToken)
    {
        await using var command = AuditRows.Command(
            connection,
            $"SELECT {AuditRows.Link} FROM unnest($1) AS t (id) CROSS JOIN LATERAL (SELECT * FROM audit_links WHERE tenant_id = t.id ORDER BY ordinal DESC LIMIT 1) l",
            (object)tenants);
        var tails = new Dictionary<string, AuditLink>(StringComparer.Ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var tail = AuditRows.ReadLink(reader);
            tails.Add(tail.TenantId, tail);
        }

        return tails;
    }

    private static async Task<Dictionary<Guid, AuditEntry>> EntriesAsync(NpgsqlConnection connection, Guid[] changes, CancellationToken cancellationToken)
    {
        await using var command = AuditRows.Command(connection, $"SELECT {AuditRows.Entry} FROM audit_entries a WHERE a.change_id = ANY ($1)", changes);
        var entries = new Dictionary<Guid, AuditEntry>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var entry = AuditRows.ReadEntry(reader);
            entries.Add(entry.ChangeId, entry);
        }

        return entries;
    }

    private static async Task<AuditLink> SealAsync(NpgsqlConnection connection, string tenantId, CancellationToken cancellationToken)
    {
        var (digest, last) = await AuditRows.SealAsync(connection, tenantId, 0, long.MaxValue, cancellationToken);
        return Link(AuditHashes.Nothing, tenantId, 0, 0, last, null, digest);
    }

    private static AuditLink Behind(AuditLink tail, SequencedEvent e, AuditEntry? entry)
    {
        var own = entry?.TenantId == e.TenantId ? entry : null;
        var hash = own is null ? AuditHashes.OfNoEntry(e.TenantId, e.ChangeId) : AuditHashes.Of(own);
        return Link(tail.LinkHash, e.TenantId, tail.Ordinal + 1, e.Position, own?.AuditId, e.ChangeId, hash);
    }

    private static AuditLink Link(byte[] before, string tenantId, long ordinal, long position, long? auditId, Guid? changeId, byte[] entryHash) => new()
    {
        TenantId = tenantId,
        Ordinal = ordinal,
        Position = position,
        AuditId = auditId,
        ChangeId = changeId,
        EntryHash = entryHash,
        LinkHash = AuditHashes.OfLink(before, tenantId, ordinal, position, auditId, changeId, entryHash),
    };

    private static async Task InsertAsync(NpgsqlConnection connection, List<AuditLink> links, CancellationToken cancellationToken)
    {
        // Nothing is in the way unless somebody has tampered with a tenant's links. Verification names that; the other tenants must not wait for it.
        await using var insert = new NpgsqlCommand(
            "INSERT INTO audit_links (tenant_id, ordinal, position, audit_id, change_id, entry_hash, link_hash) SELECT * FROM unnest($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING", connection)
        {
            Parameters =
            {
                AuditRows.Column(links.Select(l => l.TenantId), NpgsqlDbType.Text),
                AuditRows.Column(links.Select(l => l.Ordinal), NpgsqlDbType.Bigint),
                AuditRows.Column(links.Select(l => l.Position), NpgsqlDbType.Bigint),
                AuditRows.Column(links.Select(l => l.AuditId), NpgsqlDbType.Bigint),
                AuditRows.Column(links.Select(l => l.ChangeId), NpgsqlDbType.Uuid),
                AuditRows.Column(links.Select(l => l.EntryHash), NpgsqlDbType.Bytea),
                AuditRows.Column(links.Select(l => l.LinkHash), NpgsqlDbType.Bytea),
            },
        };
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }
}
