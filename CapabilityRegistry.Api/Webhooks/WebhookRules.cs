using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Webhooks;
using Microsoft.EntityFrameworkCore;

namespace CapabilityRegistry.Api.Webhooks;

/// <summary>What can be said of a webhook, when it is made and afterwards.</summary>
internal sealed record WebhookEdit([property: JsonRequired] string Url, [property: JsonRequired] IReadOnlyList<string> Events, string? Description = null, bool? Enabled = null);

/// <summary>The rules of webhooks, and how they are found.</summary>
internal static class WebhookRules
{
    public const int LongestDescription = 1_000;
    public const int MostEvents = 50;

    /// <summary>Checks what is no address: that one has been looked at when the body was read (<see cref="WebhookBody{T}"/>).</summary>
    public static void Check(WebhookEdit edit, List<Finding> findings)
    {
        if (edit.Description is { } description && (description.Length > LongestDescription || description.Contains('\0', StringComparison.Ordinal)))
        {
            findings.Add(new("/description", "invalid_value", $"Must have at most {LongestDescription} characters, none of them U+0000."));
        }

        if (edit.Events.Count is 0 or > MostEvents || edit.Events.Distinct(StringComparer.Ordinal).Count() != edit.Events.Count)
        {
            findings.Add(new("/events", "invalid_value", $"Must have 1 to {MostEvents} names, each of them once."));
        }

        foreach (var (i, name) in edit.Events.Take(MostEvents).Index())
        {
            if (WebhookEvents.Check(name) is { } wrong)
            {
                findings.Add(new($"/events/{i}", "unknown_event_type", wrong));
            }
        }
    }

    /// <summary>A webhook of the tenant; null when there is none.</summary>
    public static Task<Webhook?> FindWebhookAsync(this RegistryScope scope, Guid webhookId, CancellationToken cancellationToken) =>
        scope.Database.Webhooks.FirstOrDefaultAsync(w => w.WebhookId == webhookId && w.DeletedAt == null, cancellationToken);

    /// <summary>A delivery of a webhook of the tenant; null when there is none.</summary>
    public static Task<WebhookDelivery?> FindDeliveryAsync(this RegistryScope scope, Guid webhookId, Guid deliveryId, CancellationToken cancellationToken) =>
        scope.Database.WebhookDeliveries.FirstOrDefaultAsync(
            d => d.DeliveryId == deliveryId && d.WebhookId == webhookId && scope.Database.Webhooks.Any(w => w.WebhookId == webhookId && w.DeletedAt == null), cancellationToken);

    /// <summary>Adds event and audit entry of a change of a webhook.</summary>
    public static void RecordWebhook(this RegistryScope scope, string type, Webhook webhook, WebhookView? before, WebhookView? after) =>
        scope.Record(type, new("webhook", $"{webhook.WebhookId}") { WebhookId = webhook.WebhookId, Before = before, After = after });
}
