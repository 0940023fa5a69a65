using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Data.Search;

/// <summary>The search that is always there: it reads what writers have committed, so it is never behind.</summary>
public sealed class PostgresSearchIndex(TenantDatabase database) : ISearchIndex
{
    /// <summary>The engine's name in answers.</summary>
    public const string Engine = "postgres";

    /// <inheritdoc />
    public async Task<SearchAnswer> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Query.IsEmpty)
        {
            return new(Engine, [], 0, request.WantsFacets ? new([], []) : null);
        }

        await using var connection = await database.OpenAsync(request.TenantId, cancellationToken);
        var answer = await ReadAsync(connection, request, PostgresQuery.Of(request.Query), cancellationToken);
        return answer.Total == 0 && request.Query.IsOneWord ? await ReadAsync(connection, request, PostgresQuery.PartOf(request.Query), cancellationToken) : answer;
    }

    private static async Task<SearchAnswer> ReadAsync(NpgsqlConnection connection, SearchRequest request, PostgresQuery query, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        Add(batch, "SELECT capability_id, match, static_rank, name_lc FROM search_capabilities($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)", [.. Matching(query, request.Filter), .. Window(request.Window)]);
        Add(batch, "SELECT found_category, found_status, matches FROM count_capabilities($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)", [.. Matching(query, request.Filter), SearchAnswer.MostCounted]);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var hits = new List<SearchHit>(request.Window.Take);
        while (await reader.ReadAsync(cancellationToken))
        {
            hits.Add(new(reader.GetGuid(0), new(reader.GetInt16(1), reader.GetInt16(2), reader.GetString(3))));
        }

        await reader.NextResultAsync(cancellationToken);
        var counts = new List<(string Category, string Status, long Count)>();
        while (await reader.ReadAsync(cancellationToken))
        {
            counts.Add((reader.GetString(0), reader.GetString(1), reader.GetInt64(2)));
        }

        return new(Engine, hits, counts.Sum(c => c.Count), request.WantsFacets ? SearchFacets.Of(counts) : null);
    }

    private static object?[] Matching(PostgresQuery query, SearchFilter filter) =>
        [query.Exact, query.Names, query.Words, query.Excluded, query.Part, filter.Category, filter.Status, filter.Keyword, filter.Service, filter.MinQualityScore];

    private static object?[] Window(SearchWindow window) => [window.After?.Match, window.After?.StaticRank, window.After?.Code, window.Skip, window.Take];

    private static void Add(NpgsqlBatch batch, string sql, object?[] values)
    {
        var command = batch.CreateBatchCommand();
        command.CommandText = sql;
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value ?? DBNull.Value });
        }

        batch.BatchCommands.Add(command);
    }
}
