using System.Linq.Expressions;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Webhooks;

/// <summary>A webhook, without its secret.</summary>
internal sealed record WebhookView(
    Guid WebhookId,
    string Url,
    string Description,
    IReadOnlyList<string> Events,
    bool Enabled,
    DateTimeOffset? DisabledAt,
    DisabledReason? DisabledReason,
    DateTimeOffset? FailingSince,
    DateTimeOffset? PreviousSecretExpiresAt,
    DateTimeOffset CreatedAt,
    string CreatedBy,
    DateTimeOffset UpdatedAt)
{
    public static readonly Expression<Func<Webhook, WebhookView>> From = w => new WebhookView(
        w.WebhookId, w.Url, w.Description, w.Events, w.Enabled, w.DisabledAt, w.DisabledReason, w.FailingSince, w.PreviousSecretExpiresAt, w.CreatedAt, w.CreatedBy, w.UpdatedAt);

    private static readonly Func<Webhook, WebhookView> Compiled = From.Compile();

    public static WebhookView Of(Webhook webhook) => Compiled(webhook);
}
