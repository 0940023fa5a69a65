using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Relay;

/// <summary>Runs every consumer of the sequence: as soon as it moves, by the clock in case an announcement was lost, and for retries that are due.</summary>
/// <remarks>Consumers do not wait for each other. Any number of workers may run it: each consumer is with one of them at a time. When the worker is stopped, no batch is begun; those
/// under way may end within <see cref="RelayOptions.DrainSeconds"/>, and the places are let go at once.</remarks>
internal sealed partial class RelayService(
    IEnumerable<IEventConsumer> consumers,
    PositionListener listener,
    SystemDatabase database,
    RelayMetrics metrics,
    IOptions<RelayOptions> options,
    TimeProvider clock,
    ILoggerFactory loggers) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LagInterval = TimeSpan.FromSeconds(10);

    private readonly EventConsumers _places = new(database, clock, $"{Environment.MachineName}/{Environment.ProcessId}/{Guid.CreateVersion7(clock.GetUtcNow()):N}");
    private readonly ILogger _logger = loggers.CreateLogger<RelayService>();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var aborting = new CancellationTokenSource();
        using var draining = stoppingToken.Register(() => aborting.CancelAfter(TimeSpan.FromSeconds(options.Value.DrainSeconds)));
        try
        {
            await Task.WhenAll([.. consumers.Select(c => RunAsync(c, stoppingToken, aborting.Token)), WatchAsync(stoppingToken)]);
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
        finally
        {
            await ReleaseAsync();
        }
    }

    private async Task RunAsync(IEventConsumer consumer, CancellationToken stopping, CancellationToken aborting)
    {
        var loop = new ConsumerLoop(consumer, _places, database, metrics, options, clock, loggers.CreateLogger<ConsumerLoop>());
        var isKnown = false;
        await listener.FollowAsync(
            PollInterval,
            async cancellationToken =>
            {
                if (!isKnown)
                {
                    await _places.EnsureAsync(consumer.Name, cancellationToken);
                    isKnown = true;
                }

                await loop.RunAsync(stopping, aborting);
            },
            stopping);
    }

    private Task WatchAsync(CancellationToken stopping) =>
        listener.RepeatAsync(LagInterval, async cancellationToken => metrics.Lagging(await _places.LagsAsync(cancellationToken)), stopping);

    private async Task ReleaseAsync()
    {
        try
        {
            await _places.ReleaseAsync(CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            Log.NotReleased(_logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The places of the consumers could not be let go; other workers take them over when the leases end: {Reason}")]
        public static partial void NotReleased(ILogger logger, string reason);
    }
}
