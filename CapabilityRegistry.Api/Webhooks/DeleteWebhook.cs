using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Webhooks;

internal static class DeleteWebhook
{
    public static async Task<Results<NoContent, Problem>> HandleAsync(Guid webhookId, RegistryScope scope, CancellationToken cancellationToken)
    {
        if (await scope.FindWebhookAsync(webhookId, cancellationToken) is not { } webhook)
        {
            return Problems.NotFound("webhook");
        }

        var before = WebhookView.Of(webhook);
        if (!scope.IsCurrent(before))
        {
            return Problems.PreconditionFailed();
        }

        // From here on it is out of sight and gets nothing; the worker removes its rows, which can be too many for a request.
        (webhook.DeletedAt, webhook.UpdatedAt, webhook.Enabled, webhook.Secret, webhook.PreviousSecret) = (scope.Now, scope.Now, false, [], null);
        webhook.Revision++;
        scope.RecordWebhook(EventTypes.WebhookDeleted, webhook, before, null);
        return await scope.SaveAsync(cancellationToken) ? TypedResults.NoContent() : scope.Changed();
    }
}
