using CapabilityRegistry.Data.Tenancy;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CapabilityRegistry.Data.Search.Elasticsearch;

/// <summary>Lets Elasticsearch answer where it can, and PostgreSQL where it cannot: no search fails because the engine is away, or finds less than a write that its caller knows of.</summary>
internal sealed partial class PreferredSearchIndex(ElasticsearchSearchIndex preferred, PostgresSearchIndex always, SystemDatabase database, ILogger<PreferredSearchIndex> logger) : ISearchIndex
{
    /// <summary>The name of the consumer that writes the index.</summary>
    public const string Consumer = "search-elasticsearch";

    /// <inheritdoc />
    public async Task<SearchAnswer> SearchAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        try
        {
            if (!request.Query.IsEmpty && await IsFreshAsync(request, cancellationToken) && await preferred.SearchAsync(request, cancellationToken) is { } answer)
            {
                return answer;
            }
        }
        catch (ElasticsearchException exception)
        {
            Log.FellBack(logger, exception.Message);
        }

        return await always.SearchAsync(request, cancellationToken);
    }

    /// <summary>What the consumer has dealt with can be found: it moves on only after that.</summary>
    private async Task<bool> IsFreshAsync(SearchRequest request, CancellationToken cancellationToken)
    {
        if (request.MinPosition is not { } position)
        {
            return true;
        }

        await using var connection = await database.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT position FROM event_consumers WHERE consumer = $1", connection) { Parameters = { new() { Value = Consumer } } };
        return await command.ExecuteScalarAsync(cancellationToken) is long reached && reached >= position;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A search is answered by PostgreSQL: {Reason}")]
        public static partial void FellBack(ILogger logger, string reason);
    }
}
