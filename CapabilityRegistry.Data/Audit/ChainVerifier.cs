using System.Data;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Data.Audit;

/// <summary>Compares a tenant's audit entries with its chain, link by link, in constant memory.</summary>
/// <remarks>All statements of a verification see one state of the database. Whoever can write the tables can rewrite the chain from an entry to its end; what shows it then is a head
/// that was noted elsewhere before (<see cref="ChainAnchor"/>).</remarks>
public sealed class ChainVerifier(TenantDatabase database, SystemDatabase system)
{
    /// <summary>How many links one verification looks at, at most.</summary>
    public const int MostLinks = 100_000;

    /// <summary>The end of a tenant's chain.</summary>
    public async Task<ChainHead> HeadAsync(string tenantId, CancellationToken cancellationToken)
    {
        var linkedThrough = await LinkedThroughAsync(cancellationToken);
        await using var connection = await database.OpenAsync(tenantId, cancellationToken);
        return await HeadAsync(connection, tenantId, linkedThrough, cancellationToken);
    }

    /// <summary>Verifies a range of the chain, and whatever has no place in it but would belong there.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="from">The first ordinal; 0 for the seal of what was there before.</param>
    /// <param name="to">The last ordinal; null for the last there is. At most <see cref="MostLinks"/> are looked at.</param>
    /// <param name="anchor">A link that was noted elsewhere.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<ChainReport> VerifyAsync(string tenantId, long from, long? to, ChainAnchor? anchor, CancellationToken cancellationToken)
    {
        // Before the snapshot: whatever it says is linked is there then.
        var linkedThrough = await LinkedThroughAsync(cancellationToken);
        await using var connection = await database.OpenAsync(tenantId, cancellationToken);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        var head = await HeadAsync(connection, tenantId, linkedThrough, cancellationToken);
        var last = Math.Min(Math.Min(to ?? long.MaxValue, head.Anchor?.Ordinal ?? -1), from + MostLinks - 1);
        var (verified, fault) = await WalkAsync(connection, tenantId, from, last, cancellationToken);
        var range = new Range(tenantId, from, last, head, linkedThrough);
        fault ??= await StraysAsync(connection, range, cancellationToken)
            ?? (anchor is null ? null : await MissedAsync(connection, range, anchor, cancellationToken));
        return new(from, last, verified, head, fault);
    }

    private async Task<long> LinkedThroughAsync(CancellationToken cancellationToken)
    {
        await using var connection = await system.OpenAsync(cancellationToken);
        await using var command = AuditRows.Command(connection, "SELECT position FROM event_consumers WHERE consumer = $1", AuditChain.Consumer);
        return await command.ExecuteScalarAsync(cancellationToken) is long position ? position : 0;
    }

    private static async Task<ChainHead> HeadAsync(NpgsqlConnection connection, string tenantId, long linkedThrough, CancellationToken cancellationToken)
    {
        await using var command = AuditRows.Command(
            connection,
            """
            SELECT l.ordinal, l.position, l.link_hash, (SELECT count(*) FROM events e WHERE e.tenant_id = $1 AND (e.position > coalesce(l.position, 0) OR e.position IS NULL))
            FROM (SELECT) AS one LEFT JOIN LATERAL (SELECT ordinal, position, link_hash FROM audit_links WHERE tenant_id = $1 ORDER BY ordinal DESC LIMIT 1) l ON true
            """,
            tenantId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return reader.IsDBNull(0)
            ? new(null, 0, linkedThrough, reader.GetInt64(3))
            : new(new(reader.GetInt64(0), reader.GetFieldValue<byte[]>(2)), reader.GetInt64(1), linkedThrough, reader.GetInt64(3));
    }

    private static async Task<(long Verified, ChainFault? Fault)> WalkAsync(NpgsqlConnection connection, string tenantId, long from, long last, CancellationToken cancellationToken)
    {
        if (last < from)
        {
            return (0, null);
        }

        var before = from == 0 ? null : await FindAsync(connection, tenantId, from - 1, cancellationToken);
        if (from > 0 && before is null)
        {
            return (0, new(ChainFaultKind.Missing, from - 1, null, null));
        }

        var sealedNow = from == 0 ? await SealedNowAsync(connection, tenantId, cancellationToken) : null;
        var walk = new ChainWalk(from, before?.LinkHash ?? AuditHashes.Nothing, before?.Position ?? -1);
        var fault = await StepAsync(connection, tenantId, last, walk, sealedNow, cancellationToken)
            ?? (walk.Ordinal <= last ? new ChainFault(ChainFaultKind.Missing, walk.Ordinal, null, null) : null);
        return (walk.Ordinal - from, fault is { Kind: ChainFaultKind.Missing, AuditId: { } id } ? await RefineAsync(connection, fault, tenantId, id, cancellationToken) : fault);
    }

    private static async Task<ChainFault?> StepAsync(NpgsqlConnection connection, string tenantId, long last, ChainWalk walk, byte[]? sealedNow, CancellationToken cancellationToken)
    {
        await using var command = AuditRows.Command(
            connection,
            $"""
            SELECT {AuditRows.Link}, {AuditRows.Entry} FROM audit_links l LEFT JOIN audit_entries a ON a.change_id = l.change_id AND a.tenant_id = l.tenant_id
            WHERE l.tenant_id = $1 AND l.ordinal BETWEEN $2 AND $3 ORDER BY l.ordinal
            """,
            tenantId,
            walk.Ordinal,
            last);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var link = AuditRows.ReadLink(reader);
            var entry = reader.IsDBNull(AuditRows.LinkColumns) ? null : AuditRows.ReadEntry(reader, AuditRows.LinkColumns);
            if (walk.Step(link, entry, link.Ordinal == 0 ? sealedNow : null) is { } fault)
            {
                return fault;
            }
        }

        return null;
    }

    /// <summary>An entry that its change no longer leads to may only have got another change.</summary>
    private static async Task<ChainFault> RefineAsync(NpgsqlConnection connection, ChainFault fault, string tenantId, long auditId, CancellationToken cancellationToken)
    {
        await using var command = AuditRows.Command(connection, "SELECT EXISTS (SELECT FROM audit_entries WHERE tenant_id = $1 AND audit_id = $2)", tenantId, auditId);
        return await command.ExecuteScalarAsync(cancellationToken) is true ? fault with { Kind = ChainFaultKind.Altered } : fault;
    }

    private static async Task<byte[]> SealedNowAsync(NpgsqlConnection connection, string tenantId, CancellationToken cancellationToken)
    {
        var (sealedLast, position) = (await FindAsync(connection, tenantId, 0, cancellationToken), await LastPositionAsync(connection, tenantId, cancellationToken));
        return (await AuditRows.SealAsync(connection, tenantId, position, sealedLast?.AuditId ?? 0, cancellationToken)).Digest;
    }

    /// <summary>Entries that no link names, and at the end of the chain, events that should be linked and are not.</summary>
    private static async Task<ChainFault?> StraysAsync(NpgsqlConnection connection, Range range, CancellationToken cancellationToken)
    {
        await using var strays = AuditRows.Command(
            connection,
            $"""
            SELECT a.audit_id {AuditRows.Unlinked}
                AND a.audit_id > (SELECT coalesce(max(l.audit_id), 0) FROM audit_links l WHERE l.tenant_id = $1 AND (l.ordinal = 0 OR l.ordinal < $3))
                AND ($5 OR a.audit_id <= (SELECT max(l.audit_id) FROM audit_links l WHERE l.tenant_id = $1 AND l.ordinal <= $4))
            ORDER BY a.audit_id LIMIT 1
            """,
            range.TenantId,
            range.Head.Position,
            range.From,
            range.To,
            range.IsToTheEnd);

        // Before there is a chain nothing is out of place.
        if (range.Head.Anchor is not null && await strays.ExecuteScalarAsync(cancellationToken) is long auditId)
        {
            return new(ChainFaultKind.Inserted, null, null, auditId);
        }

        await using var unlinked = AuditRows.Command(
            connection,
            "SELECT position FROM events WHERE tenant_id = $1 AND position > $2 AND position <= $3 ORDER BY position LIMIT 1",
            range.TenantId,
            range.Head.Position,
            range.LinkedThrough);
        return range.IsToTheEnd && await unlinked.ExecuteScalarAsync(cancellationToken) is long position ? new(ChainFaultKind.Missing, (range.Head.Anchor?.Ordinal ?? -1) + 1, position, null) : null;
    }

    /// <summary>Whether the chain is not the one of which a link was noted.</summary>
    private static async Task<ChainFault?> MissedAsync(NpgsqlConnection connection, Range range, ChainAnchor anchor, CancellationToken cancellationToken)
    {
        var link = await FindAsync(connection, range.TenantId, anchor.Ordinal, cancellationToken);
        return link is null ? new(ChainFaultKind.Missing, Math.Min(anchor.Ordinal, (range.Head.Anchor?.Ordinal ?? -1) + 1), null, null)
            : !link.LinkHash.AsSpan().SequenceEqual(anchor.LinkHash) ? new(ChainFaultKind.BrokenLink, link.Ordinal, link.Position, link.AuditId)
            : null;
    }

    private static async Task<AuditLink?> FindAsync(NpgsqlConnection connection, string tenantId, long ordinal, CancellationToken cancellationToken)
    {
        await using var command = AuditRows.Command(connection, $"SELECT {AuditRows.Link} FROM audit_links l WHERE l.tenant_id = $1 AND l.ordinal = $2", tenantId, ordinal);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? AuditRows.ReadLink(reader) : null;
    }

    private static async Task<long> LastPositionAsync(NpgsqlConnection connection, string tenantId, CancellationToken cancellationToken)
    {
        await using var command = AuditRows.Command(connection, "SELECT coalesce(max(position), 0) FROM audit_links WHERE tenant_id = $1", tenantId);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private sealed record Range(string TenantId, long From, long To, ChainHead Head, long LinkedThrough)
    {
        public bool IsToTheEnd => To == (Head.Anchor?.Ordinal ?? -1);
    }
}
