using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Webhooks;

internal static class ReplaceWebhook
{
    public static async Task<Results<Ok<WebhookView>, Problem>> HandleAsync(Guid webhookId, WebhookBody<WebhookEdit> body, RegistryScope scope, CancellationToken cancellationToken)
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

        var findings = body.Findings;
        WebhookRules.Check(body.Value, findings);
        return findings.Count > 0 ? Problems.Invalid(findings) : await scope.EditWebhookAsync(webhook, before, body.Value, cancellationToken);
    }
}
