using CapabilityRegistry.Data.Search.Elasticsearch;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Worker.Search;

/// <summary>Brings the present state of capabilities into the index that searches read, and into the one that is being built.</summary>
internal sealed class SearchProjection(SystemDatabase database, ElasticsearchClient client, BulkWriter bulk, IndexNames names)
{
    /// <summary>Writes capabilities as they are now, and ends when searches find them.</summary>
    /// <param name="versions">The capabilities; with each the position that it is to be written under, or null for the head of the sequence.</param>
    /// <param name="cancellationToken">Cancels it; doing it again is harmless.</param>
    /// <returns>False when there is no index that searches read. One that is built later, or is being built, has what was committed before the call.</returns>
    public async Task<bool> WriteAsync(IReadOnlyDictionary<Guid, long?> versions, CancellationToken cancellationToken)
    {
        // In this order: what is committed before an index begins to be built is in it anyway, and what comes later is written to both.
        await using var connection = await database.OpenAsync(cancellationToken);
        var isBuilding = await IsBuildingAsync(connection, cancellationToken);
        var documents = (await IndexedCapabilities.ReadAsync(connection, [.. versions.Keys], cancellationToken)).ConvertAll(d => new VersionedDocument(d.Source, versions[d.Source.Id] ?? d.Version));
        var isLive = await bulk.WriteAsync(names.Write, documents, cancellationToken);
        if (isBuilding && !await bulk.WriteAsync(names.Next, documents, cancellationToken))
        {
            // It has taken the place of the old one meanwhile, perhaps after these were written to that.
            isLive = await bulk.WriteAsync(names.Write, documents, cancellationToken);
        }

        return isLive && await client.RefreshAsync(names.Write, cancellationToken);
    }

    private static async Task<bool> IsBuildingAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT EXISTS (SELECT FROM search_rebuilds)", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }
}
