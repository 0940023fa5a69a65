using CapabilityRegistry.Data.Webhooks;
using CapabilityRegistry.ServiceDefaults.Configuration;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Worker.Webhooks;

/// <summary>Delivers what is due. Any number of workers may run it. When it is stopped it begins no further attempt and waits for those that it has begun.</summary>
internal sealed partial class DeliveryService(
    DeliveryQueue queue, DeliveryDesk desk, DeliverySignal signal, WebhookMetrics metrics, IOptions<WebhooksOptions> options, IOptions<FeaturesOptions> features, TimeProvider clock, ILogger<DeliveryService> logger)
    : BackgroundService
{
    /// <summary>How long a delivery waits at most that another process has made, or that has become due by the clock.</summary>
    public static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>What recording may take, beyond the attempt itself, before another worker takes the delivery for abandoned.</summary>
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(30);

    /// <summary>How often the pending deliveries are counted, in polls.</summary>
    private const int PollsPerCount = 15;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, int> _sending = [];
    private readonly Dictionary<(Guid Delivery, Guid Lease), Task> _attempts = [];

    /// <summary>How long a claimed delivery is this process's alone.</summary>
    public TimeSpan Lease => TimeSpan.FromSeconds(options.Value.TimeoutSeconds) + Slack;

    /// <summary>Begins attempts at everything that is due and that there is room for.</summary>
    /// <returns>How many it has begun.</returns>
    public async Task<int> StartDueAsync(CancellationToken cancellationToken)
    {
        var begun = 0;
        while (true)
        {
            var (room, sending) = Room();
            if (room <= 0)
            {
                return begun;
            }

            var now = clock.GetUtcNow();
            var claimed = await queue.ClaimAsync(now, now + Lease, room, options.Value.ConcurrencyPerWebhook, sending, cancellationToken);
            if (claimed.Count == 0)
            {
                return begun;
            }

            foreach (var delivery in claimed)
            {
                Start(delivery);
            }

            begun += claimed.Count;
        }
    }

    /// <summary>Waits for the attempts that have been begun.</summary>
    public async Task DrainAsync()
    {
        Task[] attempts;
        lock (_lock)
        {
            attempts = [.. _attempts.Values];
        }

        await Task.WhenAll(attempts);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!features.Value.IsOn(Feature.Webhooks))
        {
            return;
        }

        signal.Set();
        var polling = PollAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            await GuardedAsync(() => signal.WaitAsync(stoppingToken), stoppingToken);
            await GuardedAsync(() => StartDueAsync(stoppingToken), stoppingToken);
        }

        await polling;
        await DrainAsync();
    }

    private async Task PollAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(PollInterval, clock);
        for (var polls = 0; !stoppingToken.IsCancellationRequested; polls++)
        {
            if (polls % PollsPerCount == 0)
            {
                await GuardedAsync(async () => metrics.Pending(await queue.CountPendingAsync(stoppingToken)), stoppingToken);
            }

            await GuardedAsync(async () => await timer.WaitForNextTickAsync(stoppingToken), stoppingToken);
            signal.Set();
        }
    }

    /// <summary>An outage of the database is waited out: the next poll tries again.</summary>
    private async Task GuardedAsync(Func<Task> action, CancellationToken stoppingToken)
    {
        try
        {
            await action();
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The loop ends by itself.
        }
        catch (Exception exception) when (exception is NpgsqlException or TimeoutException)
        {
            Log.Outage(logger, exception.Message);
        }
    }

    private (int Room, IReadOnlyDictionary<Guid, int> Sending) Room()
    {
        lock (_lock)
        {
            return (options.Value.Concurrency - _attempts.Count, new Dictionary<Guid, int>(_sending));
        }
    }

    /// <summary>Ending one takes the lock too, so it cannot be off the list before it is on it.</summary>
    private void Start(ClaimedDelivery delivery)
    {
        lock (_lock)
        {
            _sending[delivery.WebhookId] = _sending.GetValueOrDefault(delivery.WebhookId) + 1;
            _attempts.Add((delivery.DeliveryId, delivery.LeaseId), Task.Run(() => AttemptAsync(delivery)));
        }
    }

    /// <summary>Not cancelled by a shutdown: it ends in time by itself. What goes wrong here leaves the delivery leased, so it is made again when that ends.</summary>
    private async Task AttemptAsync(ClaimedDelivery delivery)
    {
        try
        {
            await desk.DeliverAsync(delivery, CancellationToken.None);
        }
        catch (Exception exception)
        {
            Log.NotRecorded(logger, exception, delivery.DeliveryId, delivery.WebhookId, delivery.TenantId);
        }
        finally
        {
            End(delivery);
        }
    }

    private void End(ClaimedDelivery delivery)
    {
        lock (_lock)
        {
            _attempts.Remove((delivery.DeliveryId, delivery.LeaseId));
            if (--_sending[delivery.WebhookId] == 0)
            {
                _sending.Remove(delivery.WebhookId);
            }
        }

        signal.Set();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Deliveries wait for the database: {Reason}")]
        public static partial void Outage(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Error, "An attempt at delivery {DeliveryId} to webhook {WebhookId} of tenant {TenantId} was not recorded; it is made again when its lease ends.")]
        public static partial void NotRecorded(ILogger logger, Exception exception, Guid deliveryId, Guid webhookId, string tenantId);
    }
}
