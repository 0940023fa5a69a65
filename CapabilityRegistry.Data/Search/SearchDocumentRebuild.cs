using System.Data;
using Npgsql;

namespace CapabilityRegistry.Data.Search;

/// <summary>Writes the search documents of all tenants anew from the capabilities, while others read and write.</summary>
/// <remarks>A batch locks its capabilities against change for as long as it takes, some milliseconds; a document is never older than its capability.</remarks>
public static class SearchDocumentRebuild
{
    private const int BatchSize = 500;

    private const string Read =
        """
        SELECT c.capability_id, c.latest_version_id, c.capability_code, c.capability_name, c.composition_keywords, c.description FROM capabilities c
        WHERE c.capability_id > $1 AND c.deleted_at IS NULL AND (NOT $2 OR NOT EXISTS (SELECT FROM search_documents d WHERE d.capability_id = c.capability_id))
        ORDER BY c.capability_id LIMIT $3 FOR SHARE OF c
        """;

    /// <summary>Runs to the end.</summary>
    /// <param name="connection">Sees every tenant.</param>
    /// <param name="onlyMissing">Whether documents that are there stay as they are.</param>
    /// <param name="cancellationToken">Cancels it; what is written stays, and running it again goes over all of it.</param>
    /// <returns>How many documents were written, and how many were removed because their capability is deleted.</returns>
    public static async Task<(long Written, long Removed)> RunAsync(NpgsqlConnection connection, bool onlyMissing, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var (written, last) = (0L, Guid.Empty);
        while (true)
        {
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken);
            var pages = await ReadAsync(connection, last, onlyMissing, cancellationToken);
            if (pages.Count == 0)
            {
                break;
            }

            await SearchDocuments.WriteAsync(connection, pages, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            (written, last) = (written + pages.Count, pages[^1].CapabilityId);
        }

        await using var orphans = new NpgsqlCommand(
            "DELETE FROM search_documents d WHERE NOT EXISTS (SELECT FROM capabilities c WHERE c.capability_id = d.capability_id AND c.deleted_at IS NULL)", connection);
        return (written, await orphans.ExecuteNonQueryAsync(cancellationToken));
    }

    private static async Task<List<PageText>> ReadAsync(NpgsqlConnection connection, Guid after, bool onlyMissing, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection) { Parameters = { new() { Value = after }, new() { Value = onlyMissing }, new() { Value = BatchSize } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var pages = new List<PageText>(BatchSize);
        while (await reader.ReadAsync(cancellationToken))
        {
            pages.Add(new(reader.GetGuid(0), reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<string[]>(4), reader.GetString(5)));
        }

        return pages;
    }
}
