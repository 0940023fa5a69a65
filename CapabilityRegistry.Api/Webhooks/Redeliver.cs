using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Webhooks;

internal static class Redeliver
{
    public static async Task<Results<Accepted<DeliveryView>, Problem>> HandleAsync(Guid webhookId, Guid deliveryId, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (await scope.FindDeliveryAsync(webhookId, deliveryId, cancellationToken) is not { } delivery)
        {
            return Problems.NotFound("delivery");
        }

        var before = await DeliveryView.ReadAsync(delivery, scope, cancellationToken);
        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        if (await scope.FindWebhookAsync(webhookId, cancellationToken) is not { Enabled: true })
        {
            return Problems.NotAllowedNow("Nothing is sent to a webhook that is disabled; enable it first.");
        }

        // An attempt that is being made just now keeps its record, but no longer decides what becomes of the delivery.
        (delivery.State, delivery.DueAt, delivery.Tries, delivery.FinishedAt, delivery.LeaseId, delivery.LeasedUntil) = (DeliveryState.Pending, scope.Now, 0, null, null, null);
        var after = DeliveryView.Of(delivery, before.Attempts);
        scope.Record(EventTypes.WebhookRedelivered, new("delivery", $"{deliveryId}") { WebhookId = webhookId, Before = before, After = after });
        return await scope.SaveAsync(cancellationToken) ? TypedResults.Accepted($"/api/webhooks/{webhookId}/deliveries/{deliveryId}", after) : scope.Changed();
    }
}
