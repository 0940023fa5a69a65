using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Tenancy;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Relay;

/// <summary>Gives one consumer its events, batch after batch, until it has come to the head.</summary>
/// <remarks>The place moves only after the consumer is done, so that whatever ends the process, the events come again. After a failure events are given one by one, so that one that
/// cannot be dealt with holds up nothing but itself, and at last not even that: it is parked.</remarks>
internal sealed partial class ConsumerLoop(
    IEventConsumer consumer, EventConsumers places, SystemDatabase database, RelayMetrics metrics, IOptions<RelayOptions> options, TimeProvider clock, ILogger<ConsumerLoop> logger)
{
    /// <summary>Goes on as long as there is something to do for this worker.</summary>
    /// <param name="stopping">No further batch is begun.</param>
    /// <param name="aborting">The batch under way is broken off.</param>
    public async Task RunAsync(CancellationToken stopping, CancellationToken aborting)
    {
        await ReplayAsync(aborting);
        while (!stopping.IsCancellationRequested && await places.ClaimAsync(consumer.Name, aborting) is { } lease)
        {
            var batch = await ReadAsync(lease, aborting);
            if (batch.Count > 0 && !await TryAsync(lease, batch, aborting))
            {
                return;
            }
        }
    }

    private async Task<List<SequencedEvent>> ReadAsync(ConsumerLease lease, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await EventReader.ReadAsync(connection, lease.Position, lease.Attempts > 0 ? 1 : consumer.BatchSize, cancellationToken);
    }

    /// <summary>False when this worker has to leave it for now.</summary>
    private async Task<bool> TryAsync(ConsumerLease lease, List<SequencedEvent> batch, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        try
        {
            await HandleAsync(lease, batch, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return await FailAsync(lease, batch, exception, cancellationToken);
        }

        metrics.Handled(consumer.Name, batch.Count, clock.GetElapsedTime(started));
        return await places.AdvanceAsync(lease, batch[^1].Position, cancellationToken);
    }

    /// <summary>While the consumer works, its lease is renewed; when it is lost all the same, the work is broken off.</summary>
    private async Task HandleAsync(ConsumerLease lease, List<SequencedEvent> batch, CancellationToken cancellationToken)
    {
        using var working = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var renewing = RenewAsync(lease, working);
        try
        {
            await consumer.HandleAsync(batch, working.Token);
        }
        finally
        {
            await working.CancelAsync();
            await renewing;
        }
    }

    private async Task RenewAsync(ConsumerLease lease, CancellationTokenSource working)
    {
        using var timer = new PeriodicTimer(EventConsumers.LeaseTime / 3, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(working.Token))
            {
                if (!await places.RenewAsync(lease, working.Token))
                {
                    await working.CancelAsync();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The work has ended.
        }
        catch (NpgsqlException)
        {
            // Not renewed: the place cannot be moved either, if another worker takes it meanwhile.
        }
    }

    private async Task<bool> FailAsync(ConsumerLease lease, List<SequencedEvent> batch, Exception exception, CancellationToken cancellationToken)
    {
        var (attempts, error) = (lease.Attempts + 1, Describe(exception));
        var isAway = exception is ConsumerUnavailableException or NpgsqlException { IsTransient: true } or OperationCanceledException;
        if (!isAway && batch.Count == 1 && attempts >= options.Value.Attempts)
        {
            metrics.Failed(consumer.Name, isParked: true);
            Log.Parked(logger, exception, consumer.Name, batch[0].Position, attempts);
            return await places.ParkAsync(lease, batch[0], error, cancellationToken);
        }

        // The first failure of a batch says nothing of its events yet: they are tried again at once, one by one.
        var pause = batch.Count > 1 && !isAway ? TimeSpan.Zero : BackOff.After(attempts, options.Value, Random.Shared.NextDouble());
        metrics.Failed(consumer.Name, isParked: false);
        Log.Failed(logger, consumer.Name, batch[0].Position, attempts, pause.TotalMilliseconds, error);
        await places.RetryAsync(lease, attempts, pause, error, cancellationToken);
        return pause == TimeSpan.Zero;
    }

    private async Task ReplayAsync(CancellationToken cancellationToken)
    {
        foreach (var parked in await places.ReplaysAsync(consumer.Name, cancellationToken))
        {
            try
            {
                await consumer.HandleAsync([parked], cancellationToken);
                await places.ReplayedAsync(consumer.Name, parked.Position, cancellationToken);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested && exception is not NpgsqlException { IsTransient: true })
            {
                Log.ReplayFailed(logger, exception, consumer.Name, parked.Position);
                await places.ReplayFailedAsync(consumer.Name, parked.Position, Describe(exception), cancellationToken);
            }
        }
    }

    /// <summary>For an operator's eyes: short, with what is behind it, and without the stack.</summary>
    private static string Describe(Exception exception)
    {
        const int most = 1_000;
        var cause = exception.InnerException is { } inner ? $" ({inner.GetType().Name}: {inner.Message})" : "";
        var text = $"{exception.GetType().Name}: {exception.Message}{cause}".Replace("\0", "", StringComparison.Ordinal);
        return text.Length <= most ? text : text[..most];
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Consumer {Consumer} failed at position {Position}, attempt {Attempts}; trying again in {PauseMs} ms: {Reason}")]
        public static partial void Failed(ILogger logger, string consumer, long position, int attempts, double pauseMs, string reason);

        [LoggerMessage(LogLevel.Error, "Consumer {Consumer} could not deal with position {Position} in {Attempts} attempts; it is parked.")]
        public static partial void Parked(ILogger logger, Exception exception, string consumer, long position, int attempts);

        [LoggerMessage(LogLevel.Error, "Consumer {Consumer} could not deal with the replayed position {Position}; it stays parked.")]
        public static partial void ReplayFailed(ILogger logger, Exception exception, string consumer, long position);
    }
}
