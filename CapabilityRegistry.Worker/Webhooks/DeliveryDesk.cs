using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Worker.Webhooks;

/// <summary>Makes one attempt at a delivery and keeps what came of it.</summary>
/// <remarks>Killed at any point, nothing is lost: until the record is there the delivery is only leased, and then made again. So a receiver can get a message twice, under the same id.</remarks>
internal sealed partial class DeliveryDesk(DeliveryQueue queue, WebhookClient client, WebhookSwitch onOff, RetrySchedule schedule, WebhookMetrics metrics, TimeProvider clock, ILogger<DeliveryDesk> logger)
{
    public async Task DeliverAsync(ClaimedDelivery delivery, CancellationToken cancellationToken)
    {
        if (!delivery.Enabled)
        {
            await queue.CancelDueAsync(delivery.WebhookId, clock.GetUtcNow(), cancellationToken);
            return;
        }

        var result = await client.SendAsync(delivery, cancellationToken);
        metrics.Attempted(result);
        var verdict = Judge(delivery, result);
        await queue.RecordAsync(delivery, result, verdict, cancellationToken);
        Log.Attempted(logger, delivery.DeliveryId, delivery.WebhookId, delivery.TenantId, result.Outcome, result.Status, result.Duration.TotalMilliseconds, verdict.State);
        if (result.Outcome is not AttemptOutcome.Delivered)
        {
            await onOff.JudgeAsync(delivery, result.Outcome, cancellationToken);
        }
    }

    private DeliveryVerdict Judge(ClaimedDelivery delivery, AttemptResult result)
    {
        var ended = result.StartedAt + result.Duration;
        return result.Outcome is AttemptOutcome.Delivered ? new(DeliveryState.Delivered, ended)
            : result.Outcome is not AttemptOutcome.Gone && schedule.After(delivery.Tries + 1, result.RetryAfter) is { } pause ? new(DeliveryState.Pending, ended + pause)
            : new(DeliveryState.Failed, ended);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Attempt at delivery {DeliveryId} to webhook {WebhookId} of tenant {TenantId}: {Outcome}, status {Status}, in {DurationMs} ms; it is {State}.")]
        public static partial void Attempted(ILogger logger, Guid deliveryId, Guid webhookId, string tenantId, AttemptOutcome outcome, short? status, double durationMs, DeliveryState state);
    }
}
