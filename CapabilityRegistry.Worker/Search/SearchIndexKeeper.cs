using CapabilityRegistry.Data.Search.Elasticsearch;
using Npgsql;

namespace CapabilityRegistry.Worker.Search;

/// <summary>Builds the index where there is none: at the first start, and after somebody has wiped it.</summary>
internal sealed partial class SearchIndexKeeper(SearchIndexRebuild rebuild, ElasticsearchClient client, IndexNames names, TimeProvider clock, ILogger<SearchIndexKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>Has it look at once.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It will look anyway.
        }
    }

    /// <inheritdoc />
    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    /// <summary>Builds the index if there is none and nobody else is at it.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        if ((await client.BehindAsync(names.Read, cancellationToken)).Count == 0)
        {
            Log.Building(logger, names.Read);
            await rebuild.RunAsync(line => Log.Progress(logger, line), cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await EnsureAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is ElasticsearchException or NpgsqlException or TimeoutException)
            {
                Log.Failed(logger, exception.Message);
            }

            await WaitAsync(stoppingToken);
        }
    }

    private async Task WaitAsync(CancellationToken stoppingToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        await Task.WhenAny(_wake.WaitAsync(either.Token), Task.Delay(Interval, clock, either.Token));
        await either.CancelAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "There is no index {Index}; building it. PostgreSQL answers searches until it is complete.")]
        public static partial void Building(ILogger logger, string index);

        [LoggerMessage(LogLevel.Information, "{Progress}")]
        public static partial void Progress(ILogger logger, string progress);

        [LoggerMessage(LogLevel.Warning, "The search index could not be looked after; trying again: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
