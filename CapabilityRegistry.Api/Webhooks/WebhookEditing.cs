using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Webhooks;

/// <summary>What replacing and patching share.</summary>
internal static class WebhookEditing
{
    /// <summary>Makes a webhook what an edit says. Switching it on forgives what it failed before.</summary>
    public static async Task<Results<Ok<WebhookView>, Problem>> EditWebhookAsync(this RegistryScope scope, Webhook webhook, WebhookView before, WebhookEdit edit, CancellationToken cancellationToken)
    {
        (webhook.Url, webhook.Events, webhook.Description, webhook.UpdatedAt) = (edit.Url, [.. edit.Events], edit.Description ?? "", scope.Now);
        webhook.Revision++;
        var type = Switch(webhook, edit.Enabled ?? true, scope.Now);
        var after = WebhookView.Of(webhook);
        scope.RecordWebhook(type, webhook, before, after);
        return await scope.SaveAsync(cancellationToken) ? TypedResults.Ok(after) : scope.Changed();
    }

    /// <summary>Switches a webhook on or off. Answers with what has happened to it, as an event's type.</summary>
    private static string Switch(Webhook webhook, bool enabled, DateTimeOffset now)
    {
        if (webhook.Enabled == enabled)
        {
            return EventTypes.WebhookUpdated;
        }

        webhook.Enabled = enabled;
        webhook.DisabledAt = enabled ? null : now;
        webhook.DisabledReason = enabled ? null : DisabledReason.Requested;
        webhook.FailingSince = enabled ? null : webhook.FailingSince;
        return enabled ? EventTypes.WebhookEnabled : EventTypes.WebhookDisabled;
    }
}
