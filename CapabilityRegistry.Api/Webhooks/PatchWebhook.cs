using System.Text.Json;
using System.Text.Json.Nodes;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Webhooks;

internal static class PatchWebhook
{
    public static async Task<Results<Ok<WebhookView>, Problem>> HandleAsync(Guid webhookId, WebhookBody<JsonObject> body, RegistryScope scope, CancellationToken cancellationToken)
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
        var current = JsonSerializer.SerializeToNode(new WebhookEdit(webhook.Url, webhook.Events, webhook.Description, webhook.Enabled), RegistryJson.Options);
        var edit = StrictJson.Read<WebhookEdit>(JsonSerializer.SerializeToUtf8Bytes(MergePatch.Apply(current, body.Value), RegistryJson.Options), findings);
        if (edit is not null)
        {
            WebhookRules.Check(edit, findings);
        }

        return edit is null || findings.Count > 0 ? Problems.Invalid(findings) : await scope.EditWebhookAsync(webhook, before, edit, cancellationToken);
    }
}
