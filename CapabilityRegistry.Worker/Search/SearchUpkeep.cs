using CapabilityRegistry.Data.Search;
using CapabilityRegistry.Data.Search.Elasticsearch;
using CapabilityRegistry.Data.Tenancy;
using Npgsql;

namespace CapabilityRegistry.Worker.Search;

/// <summary>Looks after the search documents: ranks follow the use that is counted elsewhere, and what is missing is made. Writers keep everything else; any number of workers may run it.</summary>
internal sealed partial class SearchUpkeep(SystemDatabase database, TimeProvider clock, IServiceProvider services, ILogger<SearchUpkeep> logger) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    private const int BatchSize = 1_000;

    private const string Sql =
        """
        UPDATE search_documents d SET static_rank = new.static_rank
        FROM (
            SELECT o.capability_id, search_rank(o.name_words, c.popularity_score, c.quality_score, c.status) AS static_rank
            FROM search_documents o JOIN capabilities c ON c.capability_id = o.capability_id
            WHERE o.static_rank <> search_rank(o.name_words, c.popularity_score, c.quality_score, c.status) LIMIT $1) AS new
        WHERE d.capability_id = new.capability_id
        RETURNING d.capability_id
        """;

    /// <summary>Does what there is to do.</summary>
    /// <returns>How many documents were changed.</returns>
    public async Task<long> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var (changed, batch) = ((await SearchDocumentRebuild.RunAsync(connection, onlyMissing: true, cancellationToken)).Written, new List<Guid>());
        do
        {
            batch = await RankAsync(connection, cancellationToken);
            changed += batch.Count;
            if (batch.Count > 0 && services.GetService<SearchProjection>() is { } projection)
            {
                await projection.WriteAsync(batch.ToDictionary(id => id, _ => (long?)null), cancellationToken);
            }
        }
        while (batch.Count == BatchSize);
        return changed;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        do
        {
            try
            {
                if (await RunAsync(stoppingToken) is > 0 and var changed)
                {
                    Log.Changed(logger, changed);
                }
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or ElasticsearchException)
            {
                Log.Failed(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private static async Task<List<Guid>> RankAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Sql, connection) { Parameters = { new() { Value = BatchSize } } };
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken))
        {
            ids.Add(reader.GetGuid(0));
        }

        return ids;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "{Documents} search documents follow what has become of their capabilities.")]
        public static partial void Changed(ILogger logger, long documents);

        [LoggerMessage(LogLevel.Warning, "Search documents could not be looked after; trying again in an hour: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
