using System.Text.Json;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using Npgsql;
using NpgsqlTypes;

namespace CapabilityRegistry.Data.Writing;

/// <summary>The columns of a capability's page as its manifest fills them: arrays for unnest, in one fixed order.</summary>
internal static class PageColumns
{
    /// <summary>id, code, name, description, category, subcategory, keywords (json), details (json), version_id, version, rank, quality.</summary>
    public static NpgsqlParameter[] Parameters(IReadOnlyList<PlannedWrite> writes) =>
    [
        Column(writes, w => w.CapabilityId),
        Column(writes, w => w.Release.Code),
        Column(writes, w => w.Release.Manifest.CapabilityName ?? w.Release.Code),
        Column(writes, w => w.Release.Manifest.Description ?? ""),
        Column(writes, w => w.Release.Manifest.Category ?? ""),
        Column(writes, w => w.Release.Manifest.Subcategory ?? ""),
        Json(writes, w => w.CompositionKeywords ?? []),
        Json(writes, CapabilityDetails.Of),
        Column(writes, w => w.VersionId),
        Column(writes, w => w.Release.Version.ToString()),
        Column(writes, w => w.Rank),
        Column(writes, w => Quality.Score(w.Release.Manifest)),
    ];

    public static NpgsqlParameter Column<T>(IReadOnlyList<PlannedWrite> writes, Func<PlannedWrite, T> value) => new() { Value = writes.Select(value).ToArray() };

    private static NpgsqlParameter Json<T>(IReadOnlyList<PlannedWrite> writes, Func<Manifest, T> value) =>
        new() { Value = writes.Select(w => JsonSerializer.Serialize(value(w.Release.Manifest), RegistryJson.Options)).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };
}
