using CapabilityRegistry.Core.Search;
using Npgsql;
using NpgsqlTypes;

namespace CapabilityRegistry.Data.Search;

/// <summary>The text of a capability's page as one of its versions leaves it.</summary>
public sealed record PageText(Guid CapabilityId, Guid VersionId, string Code, string Name, IReadOnlyList<string> Keywords, string Description);

/// <summary>Writes the search documents of capabilities, in the transaction that changes them: who hears of a write finds what was written.</summary>
public static class SearchDocuments
{
    /// <summary>Only the text comes from outside. The rest is read from the capability's row, which the transaction has locked by changing it; a text that a newer version has replaced is
    /// left out.</summary>
    private const string Sql =
        """
        INSERT INTO search_documents AS d (tenant_id, capability_id, name_lc, name_words, static_rank, category, status, quality_score, tsn, tsv)
        SELECT c.tenant_id, c.capability_id, c.capability_code, new.name_words, search_rank(new.name_words, c.popularity_score, c.quality_score, c.status),
            c.category, c.status, c.quality_score, new.names::tsvector, to_tsvector('english', new.words)
        FROM unnest($1, $2, $3, $4, $5) AS new (capability_id, version_id, name_words, names, words)
        CROSS JOIN LATERAL (SELECT * FROM capabilities WHERE capability_id = new.capability_id OFFSET 0) AS c
        WHERE c.latest_version_id = new.version_id AND c.deleted_at IS NULL
        ON CONFLICT (capability_id) DO UPDATE SET name_words = excluded.name_words, static_rank = excluded.static_rank, category = excluded.category, status = excluded.status,
            quality_score = excluded.quality_score, tsn = excluded.tsn, tsv = excluded.tsv
        """;

    /// <summary>Adds to a batch, behind the statements that change the pages.</summary>
    internal static void AddTo(NpgsqlBatch batch, IReadOnlyList<PageText> pages)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = Sql;
        command.Parameters.AddRange(Parameters(pages));
        batch.BatchCommands.Add(command);
    }

    /// <summary>Writes the documents of pages that the connection's transaction has changed or locked.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, IReadOnlyList<PageText> pages, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(pages);
        await using var command = new NpgsqlCommand(Sql, connection);
        command.Parameters.AddRange(Parameters(pages));
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Removes the document of a capability that the connection's transaction has deleted.</summary>
    public static async Task RemoveAsync(NpgsqlConnection connection, Guid capabilityId, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("DELETE FROM search_documents WHERE capability_id = $1", connection) { Parameters = { new() { Value = capabilityId } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static NpgsqlParameter[] Parameters(IReadOnlyList<PageText> pages)
    {
        var texts = pages.Select(page => SearchText.Of(page.Code, page.Name, page.Keywords, page.Description)).ToArray();
        return
        [
            new() { Value = pages.Select(page => page.CapabilityId).ToArray() },
            new() { Value = pages.Select(page => page.VersionId).ToArray() },
            new() { Value = Array.ConvertAll(texts, text => (short)text.NameLength) },
            new() { Value = Array.ConvertAll(texts, text => string.Join(' ', text.Names.Select(word => $"'{word.Text}':{word.Place}"))), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
            new() { Value = Array.ConvertAll(texts, text => text.Words) },
        ];
    }
}
