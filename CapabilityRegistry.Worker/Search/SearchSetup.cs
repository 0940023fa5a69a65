using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Search.Elasticsearch;

namespace CapabilityRegistry.Worker.Search;

/// <summary>Adds what keeps the search indexes.</summary>
public static class SearchSetup
{
    /// <summary>Adds the indexer of Elasticsearch where that is configured.</summary>
    public static void AddSearchIndexing(this IHostApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.AddRebuild())
        {
            builder.Services.AddSingleton<SearchIndexKeeper>();
            builder.Services.AddHostedService(provider => provider.GetRequiredService<SearchIndexKeeper>());
            builder.Services.AddSingleton<IEventConsumer, SearchIndexer>();
        }
    }

    /// <summary>Adds what building an index needs, and nothing that runs by itself.</summary>
    /// <returns>Whether Elasticsearch is configured.</returns>
    internal static bool AddRebuild(this IHostApplicationBuilder builder)
    {
        if (!builder.AddElasticsearch())
        {
            return false;
        }

        builder.Services.AddSingleton<SearchProjection>();
        builder.Services.AddSingleton<SearchIndexComparison>();
        builder.Services.AddSingleton<SearchIndexRebuild>();
        return true;
    }
}
