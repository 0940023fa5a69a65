using CapabilityRegistry.Core.Search;
using Npgsql;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>Reads capabilities from PostgreSQL as the index has them, each with the version under which it is to be written.</summary>
/// <remarks>The head of the sequence is read by the same statement, and so of the same state of the database: what is read is at least as new as the head.
/// The rank is computed from the capability, as every event that changed it left it: that of the search document may lag behind, and the index refuses to be told again under the same version.</remarks>
internal static class IndexedCapabilities
{
    private const string Select =
        """
        SELECT c.tenant_id, c.capability_id, c.deleted_at IS NOT NULL, c.capability_code, c.capability_name, c.composition_keywords, c.description, c.category, c.status, c.quality_score,
            coalesce(search_rank(d.name_words, c.popularity_score, c.quality_score, c.status), 0::smallint), ARRAY(SELECT n.name FROM provided_services s JOIN names n ON n.name_id = s.service_id WHERE s.version_id = c.latest_version_id), (SELECT position FROM sequence_head)
        FROM capabilities c LEFT JOIN search_documents d ON d.capability_id = c.capability_id
        """;

    /// <summary>The named ones, deleted or not.</summary>
    /// <param name="connection">Sees every tenant.</param>
    /// <param name="ids">Which.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static Task<List<VersionedDocument>> ReadAsync(NpgsqlConnection connection, IReadOnlyCollection<Guid> ids, CancellationToken cancellationToken) =>
        ReadAsync(new NpgsqlCommand($"{Select} WHERE c.capability_id = ANY($1)", connection) { Parameters = { new() { Value = ids.ToArray() } } }, cancellationToken);

    /// <summary>Living ones of all tenants, in the order of their ids.</summary>
    public static Task<List<VersionedDocument>> ReadAsync(NpgsqlConnection connection, Guid after, int most, CancellationToken cancellationToken) => ReadAsync(
        new NpgsqlCommand($"{Select} WHERE c.capability_id > $1 AND c.deleted_at IS NULL ORDER BY c.capability_id LIMIT $2", connection) { Parameters = { new() { Value = after }, new() { Value = most } } },
        cancellationToken);

    private static async Task<List<VersionedDocument>> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using (command)
        {
            var documents = new List<VersionedDocument>();
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                documents.Add(new(Read(reader), reader.GetInt64(12)));
            }

            return documents;
        }
    }

    private static IndexedCapability Read(NpgsqlDataReader row)
    {
        var (tenantId, id) = (row.GetString(0), row.GetGuid(1));
        if (row.GetBoolean(2))
        {
            return new() { Tenant = tenantId, Id = id, Deleted = true };
        }

        var (code, name, keywords) = (row.GetString(3), row.GetString(4), row.GetFieldValue<string[]>(5));
        var text = SearchText.Of(code, name, keywords, row.GetString(6));
        return new()
        {
            Tenant = tenantId,
            Id = id,
            Deleted = false,
            Code = code,
            Names = string.Join(' ', text.Names.Select(word => word.Text)),
            Words = text.Words,
            Category = row.GetString(7),
            Status = row.GetString(8),
            Quality = row.GetDouble(9),
            Rank = row.GetInt16(10),
            Keywords = keywords,
            Services = row.GetFieldValue<string[]>(11),
        };
    }
}
