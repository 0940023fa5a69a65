using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Api.Webhooks;

internal static class RotateWebhookSecret
{
    private const int LongestOverlapHours = 720;

    public static async Task<Results<Created<Response>, Problem>> HandleAsync(
        Guid webhookId, [FromQuery(Name = "overlap_hours")] int? overlapHours, RegistryScope scope, WebhookSecrets secrets, IOptions<WebhooksOptions> options, CancellationToken cancellationToken)
    {
        if (overlapHours is < 0 or > LongestOverlapHours)
        {
            return Problems.Invalid("?overlap_hours", "number_out_of_range", $"Must be from 0, which ends the old secret at once, to {LongestOverlapHours}.");
        }

        if (await scope.FindWebhookAsync(webhookId, cancellationToken) is not { } webhook)
        {
            return Problems.NotFound("webhook");
        }

        var before = WebhookView.Of(webhook);
        var secret = secrets.Rotate(webhook, scope.Now, TimeSpan.FromHours(overlapHours ?? options.Value.SecretOverlapHours));
        webhook.UpdatedAt = scope.Now;
        webhook.Revision++;
        scope.RecordWebhook(EventTypes.WebhookSecretRotated, webhook, before, WebhookView.Of(webhook));
        return await scope.SaveAsync(cancellationToken)
            ? TypedResults.Created($"/api/webhooks/{webhookId}", new Response(webhookId, secret, webhook.PreviousSecretExpiresAt))
            : scope.Changed();
    }

    /// <summary>The new secret, which is shown here and never again, and until when the old one signs too.</summary>
    internal sealed record Response(Guid WebhookId, string Secret, DateTimeOffset? PreviousSecretExpiresAt);
}
