using System.Diagnostics;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Search;
using Npgsql;
using NpgsqlTypes;

namespace CapabilityRegistry.Data.Writing;

/// <summary>Writes the rows of a decided batch in one round trip.</summary>
internal static class WriteRows
{
    public static async Task ExecuteAsync(
        NpgsqlConnection connection, WriteContext context, Dictionary<string, Guid> names, IReadOnlyList<PlannedWrite> writes, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        var created = writes.Where(w => w.Status is WriteStatus.Created).ToArray();
        var updated = writes.Where(w => w.Status is WriteStatus.Updated).ToArray();
        if (created.Length > 0)
        {
            AddVersions(batch, context, created);
            AddDependencies(batch, context, names, created);
            AddServices(batch, context, names, created);
        }

        if (updated.Length > 0)
        {
            AddCorrections(batch, context, updated);
        }

        AddPages(batch, context, writes);
        SearchDocuments.AddTo(batch, [.. writes.GroupBy(w => w.CapabilityId).Select(g => TextOf(g.MaxBy(w => w.Rank, StringComparer.Ordinal)!))]);
        var changes = writes.Select(_ => Guid.CreateVersion7(context.Now)).ToArray();
        AddEvents(batch, context, writes, changes);
        AddAuditEntries(batch, context, writes, changes);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private static void AddVersions(NpgsqlBatch batch, WriteContext context, PlannedWrite[] created) => Add(
        batch,
        """
        INSERT INTO capability_versions (tenant_id, version_id, capability_id, version, precedence, manifest, content_hash, resolution_hash, quality_score,
            lifecycle, lifecycle_message, replaced_by, sunset_at, created_at, created_by)
        SELECT $1, v.*, $2, $3 FROM unnest($4, $5, $6, $7, $8::json[], $9, $10, $11, $12, $13, $14, $15) AS v
        """,
        [
            new() { Value = context.TenantId },
            new() { Value = context.Now },
            new() { Value = context.Actor.Name },
            PageColumns.Column(created, w => w.VersionId),
            PageColumns.Column(created, w => w.CapabilityId),
            PageColumns.Column(created, w => w.Release.Version.ToString()),
            PageColumns.Column(created, w => w.Precedence),
            new() { Value = created.Select(w => w.Release.Json).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            PageColumns.Column(created, w => w.Release.ContentHash),
            PageColumns.Column(created, w => w.Release.ResolutionHash),
            PageColumns.Column(created, w => Quality.Score(w.Release.Manifest)),
            PageColumns.Column(created, w => Words.Of(w.Release.Manifest.Lifecycle?.State ?? LifecycleState.Active)),
            PageColumns.Column(created, w => w.Release.Manifest.Lifecycle?.Message),
            PageColumns.Column(created, w => w.Release.Manifest.Lifecycle?.ReplacedBy),
            PageColumns.Column(created, w => w.Release.Manifest.Lifecycle?.SunsetAt?.ToUniversalTime()),
        ]);

    private static void AddDependencies(NpgsqlBatch batch, WriteContext context, Dictionary<string, Guid> names, PlannedWrite[] created)
    {
        var rows = created.SelectMany(w => (w.Release.Manifest.Dependencies ?? []).SelectMany((d, i) =>
            new[] { new DependencyTarget(d.CapabilityCode, d.VersionRange) }.Concat(d.Alternatives ?? []).Select((t, j) => (Write: w, Type: d.DependencyType, Position: i, Alternative: j, Target: t)))).ToArray();
        if (rows.Length == 0)
        {
            return;
        }

        Add(
            batch,
            """
            INSERT INTO dependencies (tenant_id, version_id, position, alternative, dependent_id, dependency_id, version_range, dependency_type)
            SELECT $1, d.* FROM unnest($2, $3, $4, $5, $6, $7, $8) AS d
            """,
            [
                new() { Value = context.TenantId },
                new() { Value = Array.ConvertAll(rows, r => r.Write.VersionId) },
                new() { Value = Array.ConvertAll(rows, r => (short)r.Position) },
                new() { Value = Array.ConvertAll(rows, r => (short)r.Alternative) },
                new() { Value = Array.ConvertAll(rows, r => r.Write.CapabilityId) },
                new() { Value = Array.ConvertAll(rows, r => names[CapabilityCode.Normalise(r.Target.CapabilityCode)!]) },
                new() { Value = Array.ConvertAll(rows, r => r.Target.VersionRange ?? "*") },
                new() { Value = Array.ConvertAll(rows, r => Words.Of(r.Type)) },
            ]);
    }

    private static void AddServices(NpgsqlBatch batch, WriteContext context, Dictionary<string, Guid> names, PlannedWrite[] created)
    {
        var rows = created.SelectMany(w => (w.Release.Manifest.ProvidesServices ?? []).Select((s, i) => (Write: w, Position: i, Service: s))).ToArray();
        if (rows.Length == 0)
        {
            return;
        }

        Add(
            batch,
            """
            INSERT INTO provided_services (tenant_id, version_id, position, capability_id, service_id, service_version)
            SELECT $1, s.* FROM unnest($2, $3, $4, $5, $6) AS s
            """,
            [
                new() { Value = context.TenantId },
                new() { Value = Array.ConvertAll(rows, r => r.Write.VersionId) },
                new() { Value = Array.ConvertAll(rows, r => (short)r.Position) },
                new() { Value = Array.ConvertAll(rows, r => r.Write.CapabilityId) },
                new() { Value = Array.ConvertAll(rows, r => names[CapabilityCode.Normalise(r.Service.Service)!]) },
                new() { Value = Array.ConvertAll(rows, r => r.Service.Version) },
            ]);
    }

    private static void AddCorrections(NpgsqlBatch batch, WriteContext context, PlannedWrite[] updated) => Add(
        batch,
        """
        UPDATE capability_versions v SET manifest = new.manifest, content_hash = new.content_hash, quality_score = new.quality
        FROM unnest($2, $3::json[], $4, $5) AS new (version_id, manifest, content_hash, quality)
        WHERE v.tenant_id = $1 AND v.version_id = new.version_id
        """,
        [
            new() { Value = context.TenantId },
            PageColumns.Column(updated, w => w.VersionId),
            new() { Value = updated.Select(w => w.Release.Json).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            PageColumns.Column(updated, w => w.Release.ContentHash),
            PageColumns.Column(updated, w => Quality.Score(w.Release.Manifest)),
        ]);

    /// <summary>Lets the page follow its newest version.</summary>
    private static void AddPages(NpgsqlBatch batch, WriteContext context, IReadOnlyList<PlannedWrite> writes)
    {
        var newest = writes.Where(w => !w.HasNewPage).GroupBy(w => w.CapabilityId).Select(g => g.MaxBy(w => w.Rank, StringComparer.Ordinal)!).ToArray();
        if (newest.Length == 0)
        {
            return;
        }

        Add(
            batch,
            """
            UPDATE capabilities c SET capability_name = new.name, description = new.description, category = new.category, subcategory = new.subcategory,
                composition_keywords = coalesce((SELECT array_agg(k) FROM json_array_elements_text(new.keywords) AS k), '{}'), details = new.details,
                latest_version_id = new.version_id, latest_version = new.version, latest_rank = new.rank, quality_score = new.quality,
                updated_at = $2, revision = c.revision + 1
            FROM unnest($3, $4, $5, $6, $7, $8, $9::json[], $10::json[], $11, $12, $13, $14)
                AS new (id, code, name, description, category, subcategory, keywords, details, version_id, version, rank, quality)
            WHERE c.tenant_id = $1 AND c.capability_id = new.id AND new.rank >= c.latest_rank
            """,
            [new() { Value = context.TenantId }, new() { Value = context.Now }, .. PageColumns.Parameters(newest)]);
    }

    private static PageText TextOf(PlannedWrite write)
    {
        var manifest = write.Release.Manifest;
        return new(write.CapabilityId, write.VersionId, write.Release.Code, manifest.CapabilityName ?? write.Release.Code, manifest.CompositionKeywords ?? [], manifest.Description ?? "");
    }

    private static void AddEvents(NpgsqlBatch batch, WriteContext context, IReadOnlyList<PlannedWrite> writes, Guid[] changes) => Add(
        batch,
        """
        INSERT INTO events (tenant_id, event_type, occurred_at, actor, trace_parent, capability_id, version_id, change_id)
        SELECT $1, type, $2, $3, $4, capability_id, version_id, change_id FROM unnest($5, $6, $7, $8) AS e (type, capability_id, version_id, change_id)
        """,
        [
            new() { Value = context.TenantId },
            new() { Value = context.Now },
            new() { Value = context.Actor.Name },
            new() { Value = (object?)Activity.Current?.Id ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            PageColumns.Column(writes, w => w.Status is WriteStatus.Created ? EventTypes.VersionPublished : EventTypes.VersionCorrected),
            PageColumns.Column(writes, w => w.CapabilityId),
            PageColumns.Column(writes, w => w.VersionId),
            new() { Value = changes },
        ]);

    private static void AddAuditEntries(NpgsqlBatch batch, WriteContext context, IReadOnlyList<PlannedWrite> writes, Guid[] changes) => Add(
        batch,
        """
        INSERT INTO audit_entries (tenant_id, occurred_at, actor, actor_address, request_id, action, resource_type, resource_id, before_hash, after_hash, change_id)
        SELECT $1, $2, $3, $4, $5, action, 'version', resource_id, before_hash, after_hash, change_id FROM unnest($6, $7, $8, $9, $10) AS a (action, resource_id, before_hash, after_hash, change_id)
        """,
        [
            new() { Value = context.TenantId },
            new() { Value = context.Now },
            new() { Value = context.Actor.Name },
            new() { Value = (object?)context.Actor.Address ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            new() { Value = (object?)context.Actor.RequestId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            PageColumns.Column(writes, w => w.Status is WriteStatus.Created ? EventTypes.VersionPublished : EventTypes.VersionCorrected),
            PageColumns.Column(writes, w => $"{w.Release.Code}@{w.Release.Version}"),
            PageColumns.Column(writes, w => w.ContentHashBefore),
            PageColumns.Column(writes, w => w.Release.ContentHash),
            new() { Value = changes },
        ]);

    private static void Add(NpgsqlBatch batch, string sql, NpgsqlParameter[] parameters)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
    }
}
