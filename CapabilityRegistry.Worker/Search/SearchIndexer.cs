using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Search.Elasticsearch;

namespace CapabilityRegistry.Worker.Search;

/// <summary>Follows the event sequence with the index of Elasticsearch. The position of a capability's last event is its version there, so that repeated and late writes change nothing.</summary>
internal sealed class SearchIndexer(SearchProjection projection, ElasticsearchClient client, IndexNames names, SearchIndexKeeper keeper) : IEventConsumer
{
    /// <inheritdoc />
    public string Name => PreferredSearchIndex.Consumer;

    /// <inheritdoc />
    public int BatchSize => 500;

    /// <inheritdoc />
    public async Task HandleAsync(IReadOnlyList<SequencedEvent> batch, CancellationToken cancellationToken)
    {
        var changed = batch.Where(e => e.CapabilityId is not null).GroupBy(e => e.CapabilityId!.Value).ToDictionary(g => g.Key, g => (long?)g.Max(e => e.Position));
        if (changed.Count == 0)
        {
            return;
        }

        try
        {
            if (!await projection.WriteAsync(changed, cancellationToken))
            {
                await RequireNobodyReadsAsync(cancellationToken);
                keeper.Wake();
            }
        }
        catch (ElasticsearchUnavailableException exception)
        {
            throw new ConsumerUnavailableException(exception.Message, exception);
        }
    }

    /// <summary>Where no search reads, nothing is missed: the index that will be read is built from the tables.</summary>
    private async Task RequireNobodyReadsAsync(CancellationToken cancellationToken)
    {
        if ((await client.BehindAsync(names.Read, cancellationToken)).Count > 0)
        {
            throw new ConsumerUnavailableException($"Searches read {names.Read}, but {names.Write} to write it is missing. Run: CapabilityRegistry.Worker reindex");
        }
    }
}
