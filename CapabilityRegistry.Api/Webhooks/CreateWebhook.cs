using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Webhooks;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace CapabilityRegistry.Api.Webhooks;

internal static class CreateWebhook
{
    public static async Task<Results<Created<Response>, Problem>> HandleAsync(
        WebhookBody<WebhookEdit> body, RegistryScope scope, WebhookSecrets secrets, IOptions<WebhooksOptions> options, CancellationToken cancellationToken)
    {
        var findings = body.Findings;
        WebhookRules.Check(body.Value, findings);
        if (findings.Count > 0)
        {
            return Problems.Invalid(findings);
        }

        if (await CountAsync(scope, cancellationToken) >= options.Value.MaxPerTenant)
        {
            return Problems.NotAllowedNow($"The tenant has {options.Value.MaxPerTenant} webhooks, which is as many as it may have.");
        }

        var (webhook, secret) = NewWebhook(body.Value, scope, secrets);
        var view = WebhookView.Of(webhook);
        scope.RecordWebhook(EventTypes.WebhookCreated, webhook, null, view);
        return await scope.SaveAsync(cancellationToken) ? TypedResults.Created($"/api/webhooks/{webhook.WebhookId}", new Response(view, secret)) : scope.Changed();
    }

    /// <summary>Whoever makes another one meanwhile waits, or each would count without the other's.</summary>
    private static async Task<int> CountAsync(RegistryScope scope, CancellationToken cancellationToken)
    {
        await using var wait = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", scope.Connection) { Parameters = { new() { Value = $"webhooks of {scope.TenantId}" } } };
        await wait.ExecuteNonQueryAsync(cancellationToken);
        return await scope.Database.Webhooks.CountAsync(w => w.DeletedAt == null, cancellationToken);
    }

    private static (Webhook Webhook, string Secret) NewWebhook(WebhookEdit edit, RegistryScope scope, WebhookSecrets secrets)
    {
        var (id, enabled) = (scope.NewId(), edit.Enabled ?? true);
        var (kept, shown) = secrets.Create(id);
        var webhook = new Webhook
        {
            TenantId = scope.TenantId,
            WebhookId = id,
            Url = edit.Url,
            Description = edit.Description ?? "",
            Events = [.. edit.Events],
            Enabled = enabled,
            DisabledAt = enabled ? null : scope.Now,
            DisabledReason = enabled ? null : DisabledReason.Requested,
            Secret = kept,
            CreatedAt = scope.Now,
            CreatedBy = scope.Actor.Name,
            UpdatedAt = scope.Now,
            Revision = 1,
        };
        scope.Database.Webhooks.Add(webhook);
        return (webhook, shown);
    }

    /// <summary>The webhook with its secret, which is shown here and never again.</summary>
    internal sealed record Response(WebhookView Webhook, string Secret);
}
