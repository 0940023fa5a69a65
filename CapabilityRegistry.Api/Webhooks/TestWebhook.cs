using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Webhooks;

/// <summary>Only puts the test in line: the worker sends it, as it sends everything.</summary>
internal static class TestWebhook
{
    public static async Task<Results<Accepted<DeliveryView>, Problem>> HandleAsync(Guid webhookId, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (await scope.FindWebhookAsync(webhookId, cancellationToken) is not { } webhook)
        {
            return Problems.NotFound("webhook");
        }

        if (!scope.IsCurrent(WebhookView.Of(webhook)))
        {
            return Problems.PreconditionFailed();
        }

        if (!webhook.Enabled)
        {
            return Problems.NotAllowedNow("Nothing is sent to a webhook that is disabled; enable it first.");
        }

        var delivery = NewTest(webhook, scope);
        var view = DeliveryView.Of(delivery, []);
        scope.Record(EventTypes.WebhookTested, new("webhook", $"{webhookId}") { WebhookId = webhookId, After = view });
        return await scope.SaveAsync(cancellationToken) ? TypedResults.Accepted($"/api/webhooks/{webhookId}/deliveries/{delivery.DeliveryId}", view) : scope.Changed();
    }

    private static WebhookDelivery NewTest(Webhook webhook, RegistryScope scope)
    {
        var delivery = new WebhookDelivery
        {
            TenantId = scope.TenantId,
            DeliveryId = scope.NewId(),
            WebhookId = webhook.WebhookId,
            EventType = WebhookEvents.Test,
            Payload = WebhookPayload.OfTest(scope.TenantId, webhook.WebhookId, scope.Actor.Name, scope.Now),
            State = DeliveryState.Pending,
            CreatedAt = scope.Now,
            DueAt = scope.Now,
        };
        scope.Database.WebhookDeliveries.Add(delivery);
        return delivery;
    }
}
