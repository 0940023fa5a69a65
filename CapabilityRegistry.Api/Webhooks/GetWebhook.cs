using CapabilityRegistry.Api.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace CapabilityRegistry.Api.Webhooks;

internal static class GetWebhook
{
    public static async Task<Results<Ok<WebhookView>, Problem>> HandleAsync(Guid webhookId, RegistryScope scope, CancellationToken cancellationToken) =>
        await scope.FindWebhookAsync(webhookId, cancellationToken) is { } webhook ? TypedResults.Ok(WebhookView.Of(webhook)) : Problems.NotFound("webhook");
}
