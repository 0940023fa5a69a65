using CapabilityRegistry.Data.Search.Elasticsearch;
using Npgsql;

namespace CapabilityRegistry.Worker.Search;

/// <summary>Compares an index with PostgreSQL: how many living capabilities every tenant has, and a sample word for word.</summary>
internal sealed class SearchIndexComparison(ElasticsearchClient client)
{
    private const int SampleSize = 100;
    private const int MostTenants = 50_000;

    /// <summary>Everything in the same statement, so of the same state: the last row counts what the index cannot have yet.</summary>
    private const string Counts =
        """
        SELECT tenant_id, count(*) FROM capabilities WHERE deleted_at IS NULL GROUP BY tenant_id
        UNION ALL SELECT NULL, count(*) FROM events WHERE capability_id IS NOT NULL AND (position IS NULL OR position > $1)
        """;

    /// <summary>Compares.</summary>
    /// <param name="connection">Sees every tenant.</param>
    /// <param name="index">The index, refreshed.</param>
    /// <param name="complete">Everything up to this position is in the index. What was changed later may differ, and only as often as there are such changes.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>A sentence for every difference.</returns>
    public async Task<IReadOnlyList<string>> CompareAsync(NpgsqlConnection connection, string index, long complete, CancellationToken cancellationToken)
    {
        var found = await CountAsync(index, cancellationToken);
        var (expected, changes) = await CountAsync(connection, complete, cancellationToken);
        var differences = expected.Keys.Union(found.Keys, StringComparer.Ordinal)
            .Where(tenant => Math.Abs(expected.GetValueOrDefault(tenant) - found.GetValueOrDefault(tenant)) > changes)
            .Select(tenant => $"Tenant {tenant} has {expected.GetValueOrDefault(tenant)} capabilities, the index {found.GetValueOrDefault(tenant)}.");
        return [.. differences, .. await CompareSampleAsync(connection, index, complete, cancellationToken)];
    }

    private async Task<Dictionary<string, long>> CountAsync(string index, CancellationToken cancellationToken)
    {
        var response = await client.SearchAsync(ElasticsearchTransport.Indexing, index, null, ElasticsearchQuery.Tenants(MostTenants), cancellationToken) ?? throw new ElasticsearchException(404, $"{index} is gone.");
        return (response.Aggregations?.GetValueOrDefault("tenant")?.Buckets ?? []).ToDictionary(bucket => bucket.Key, bucket => bucket.DocCount, StringComparer.Ordinal);
    }

    private static async Task<(Dictionary<string, long> Counts, long Changes)> CountAsync(NpgsqlConnection connection, long complete, CancellationToken cancellationToken)
    {
        var (counts, changes) = (new Dictionary<string, long>(StringComparer.Ordinal), 0L);
        await using var command = new NpgsqlCommand(Counts, connection) { Parameters = { new() { Value = complete } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.IsDBNull(0))
            {
                changes = reader.GetInt64(1);
            }
            else
            {
                counts.Add(reader.GetString(0), reader.GetInt64(1));
            }
        }

        return (counts, changes);
    }

    /// <summary>Only what has not changed since can be compared.</summary>
    private async Task<IReadOnlyList<string>> CompareSampleAsync(NpgsqlConnection connection, string index, long complete, CancellationToken cancellationToken)
    {
        var ids = new List<Guid>();
        await using (var command = new NpgsqlCommand(
            """
            SELECT c.capability_id FROM capabilities c WHERE c.deleted_at IS NULL
                AND NOT EXISTS (SELECT FROM events e WHERE e.capability_id = c.capability_id AND (e.position IS NULL OR e.position > $1)) ORDER BY random() LIMIT $2
            """,
            connection)
        {
            Parameters = { new() { Value = complete }, new() { Value = SampleSize } },
        })
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                ids.Add(reader.GetGuid(0));
            }
        }

        if (ids.Count == 0)
        {
            return [];
        }

        var response = await client.SearchAsync(ElasticsearchTransport.Indexing, index, null, ElasticsearchQuery.Ids(ids), cancellationToken) ?? throw new ElasticsearchException(404, $"{index} is gone.");
        var inIndex = response.Hits.Hits.ToDictionary(hit => hit.Source.Id, hit => new VersionedDocument(hit.Source, 0));
        var sample = await IndexedCapabilities.ReadAsync(connection, ids, cancellationToken);
        return [.. sample.Where(d => inIndex.GetValueOrDefault(d.Source.Id) is not { } there || !there.Utf8.AsSpan().SequenceEqual(d.Utf8)).Select(d => $"Capability {d.Source.Code} of {d.Source.Tenant} differs.")];
    }
}
