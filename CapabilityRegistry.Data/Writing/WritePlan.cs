using Npgsql;

namespace CapabilityRegistry.Data.Writing;

/// <summary>Locks the capabilities of a batch and decides, release by release, what is to be done.</summary>
internal sealed class WritePlan(NpgsqlConnection connection, WriteContext context, Dictionary<string, Guid> names)
{
    private readonly Dictionary<Guid, bool> _deleted = [];
    private readonly HashSet<Guid> _created = [];
    private readonly Dictionary<(Guid CapabilityId, string Precedence), Existing> _versions = [];

    public async Task DecideAsync(IReadOnlyList<PlannedWrite> writes, CancellationToken cancellationToken)
    {
        foreach (var write in writes)
        {
            write.CapabilityId = names[write.Release.Code];
            write.VersionId = Guid.CreateVersion7(context.Now);
        }

        if (context.Expectation is not CapabilityExpectation.Existing)
        {
            await CreateCapabilitiesAsync(writes, cancellationToken);
        }

        // What this transaction has made nobody else sees yet, and nothing hangs on it.
        if (writes.Where(w => !_created.Contains(w.CapabilityId)).ToArray() is { Length: > 0 } earlier)
        {
            await LockCapabilitiesAsync(earlier, cancellationToken);
            await ReadVersionsAsync(earlier, cancellationToken);
        }

        foreach (var write in writes)
        {
            Decide(write);
        }
    }

    private void Decide(PlannedWrite write)
    {
        var existing = _versions.GetValueOrDefault((write.CapabilityId, write.Precedence));
        write.VersionId = existing?.VersionId ?? write.VersionId;
        write.ContentHashBefore = existing?.ContentHash;
        write.HasNewPage = _created.Contains(write.CapabilityId);
        write.Status = (existing, Exists: _deleted.TryGetValue(write.CapabilityId, out var deleted), Deleted: deleted) switch
        {
            { Exists: false } => WriteStatus.CapabilityMissing,
            { Deleted: true } => WriteStatus.CapabilityDeleted,
            _ when context.Expectation is CapabilityExpectation.New && !write.HasNewPage => WriteStatus.CapabilityExists,
            { existing: null } => WriteStatus.Created,
            _ when existing.ContentHash.AsSpan().SequenceEqual(write.Release.ContentHash) => Repeated,
            _ => context.OnConflict switch
            {
                OnConflict.Skip => WriteStatus.Skipped,
                OnConflict.Update when existing.ResolutionHash.AsSpan().SequenceEqual(write.Release.ResolutionHash) => WriteStatus.Updated,
                OnConflict.Update => WriteStatus.VersionImmutable,
                _ => WriteStatus.VersionExists,
            },
        };
    }

    /// <summary>The same document again is no news in an import, and a duplicate where one release is published.</summary>
    private WriteStatus Repeated => context.Expectation is CapabilityExpectation.Any ? WriteStatus.Unchanged : WriteStatus.VersionExists;

    private async Task CreateCapabilitiesAsync(IReadOnlyList<PlannedWrite> writes, CancellationToken cancellationToken)
    {
        var newest = writes.GroupBy(w => w.CapabilityId).Select(g => g.MaxBy(w => w.Rank, StringComparer.Ordinal)!).OrderBy(w => w.CapabilityId).ToArray();
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO capabilities (tenant_id, capability_id, capability_code, capability_name, description, category, subcategory, status, composition_keywords, details,
                latest_version_id, latest_version, latest_rank, quality_score, popularity_score, usage_count, created_at, created_by, updated_at, revision)
            SELECT $1, id, code, name, description, category, subcategory, 'registered', coalesce((SELECT array_agg(k) FROM json_array_elements_text(keywords) AS k), '{}'), details,
                version_id, version, rank, quality, 0, 0, $2, $3, $2, 1
            FROM unnest($4, $5, $6, $7, $8, $9, $10::json[], $11::json[], $12, $13, $14, $15)
                AS new (id, code, name, description, category, subcategory, keywords, details, version_id, version, rank, quality)
            ON CONFLICT DO NOTHING RETURNING capability_id
            """,
            connection);
        NpgsqlParameter[] parameters = [new() { Value = context.TenantId }, new() { Value = context.Now }, new() { Value = context.Actor.Name }, .. PageColumns.Parameters(newest)];
        command.Parameters.AddRange(parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var id = reader.GetGuid(0);
            _created.Add(id);
            _deleted.Add(id, false);
        }
    }

    private async Task LockCapabilitiesAsync(IReadOnlyList<PlannedWrite> writes, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT capability_id, deleted_at IS NOT NULL FROM capabilities
            WHERE tenant_id = $1 AND capability_id = ANY($2) ORDER BY capability_id FOR NO KEY UPDATE
            """,
            connection)
        {
            Parameters = { new() { Value = context.TenantId }, new() { Value = writes.Select(w => w.CapabilityId).Distinct().ToArray() } },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            _deleted.Add(reader.GetGuid(0), reader.GetBoolean(1));
        }
    }

    /// <summary>One index probe for each version asked. OFFSET 0 keeps it so: with statistics from before a bulk import the planner would read the whole tenant instead.</summary>
    private async Task ReadVersionsAsync(IReadOnlyList<PlannedWrite> writes, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT v.capability_id, v.precedence, v.version_id, v.content_hash, v.resolution_hash
            FROM unnest($2, $3) AS asked (capability_id, precedence)
            CROSS JOIN LATERAL (
                SELECT * FROM capability_versions WHERE capability_id = asked.capability_id AND precedence = asked.precedence OFFSET 0) AS v
            WHERE v.tenant_id = $1
            """,
            connection)
        {
            Parameters =
            {
                new() { Value = context.TenantId },
                new() { Value = writes.Select(w => w.CapabilityId).ToArray() },
                new() { Value = writes.Select(w => w.Precedence).ToArray() },
            },
        };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            _versions.Add((reader.GetGuid(0), reader.GetString(1)), new(reader.GetGuid(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4)));
        }
    }

    private sealed record Existing(Guid VersionId, byte[] ContentHash, byte[] ResolutionHash);
}
