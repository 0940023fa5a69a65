using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data;
using CapabilityRegistry.Data.Model;
using CapabilityRegistry.Data.Tenancy;
using CapabilityRegistry.Data.Webhooks;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace CapabilityRegistry.Worker.Webhooks;

/// <summary>Disables webhooks whose receivers are gone, or have failed for days. The change has its event and its audit entry like one that somebody asked for.</summary>
internal sealed partial class WebhookSwitch(SystemDatabase database, IOptions<WebhooksOptions> options, WebhookMetrics metrics, TimeProvider clock, ILogger<WebhookSwitch> logger)
{
    /// <summary>Who acts when nobody asked.</summary>
    public const string Actor = "system";

    private readonly TimeSpan _patience = TimeSpan.FromDays(options.Value.DisableAfterDays);

    /// <summary>Looks at a webhook after a failed attempt.</summary>
    public async Task JudgeAsync(ClaimedDelivery delivery, AttemptOutcome outcome, CancellationToken cancellationToken)
    {
        while (!await TryJudgeAsync(delivery, outcome, cancellationToken))
        {
            // Somebody else changed it between reading and writing; what it is now decides.
        }
    }

    private async Task<bool> TryJudgeAsync(ClaimedDelivery delivery, AttemptOutcome outcome, CancellationToken cancellationToken)
    {
        await using var context = database.CreateContext();
        context.TenantId = delivery.TenantId;
        var webhook = await context.Webhooks.FirstOrDefaultAsync(w => w.WebhookId == delivery.WebhookId && w.Enabled, cancellationToken);
        var now = clock.GetUtcNow();

        // A receiver that is gone from an address that has been changed since says nothing about the new one.
        if (webhook is null || webhook.Url != delivery.Url || ReasonFor(webhook, outcome, now) is not { } reason)
        {
            return true;
        }

        (webhook.Enabled, webhook.DisabledAt, webhook.DisabledReason, webhook.UpdatedAt) = (false, now, reason, now);
        webhook.Revision++;
        Record(context, webhook, now);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }

        metrics.Disabled(Words.Of(reason));
        Log.Disabled(logger, webhook.TenantId, webhook.WebhookId, Words.Of(reason));
        return true;
    }

    private DisabledReason? ReasonFor(Webhook webhook, AttemptOutcome outcome, DateTimeOffset now) =>
        outcome is AttemptOutcome.Gone ? DisabledReason.Gone : webhook.FailingSince <= now - _patience ? DisabledReason.Failing : null;

    private static void Record(RegistryDbContext context, Webhook webhook, DateTimeOffset now)
    {
        var changeId = Guid.CreateVersion7(now);
        context.Events.Add(new() { TenantId = webhook.TenantId, ChangeId = changeId, EventType = EventTypes.WebhookDisabled, WebhookId = webhook.WebhookId, OccurredAt = now, Actor = Actor });
        context.AuditEntries.Add(new()
        {
            TenantId = webhook.TenantId,
            ChangeId = changeId,
            OccurredAt = now,
            Actor = Actor,
            Action = EventTypes.WebhookDisabled,
            ResourceType = "webhook",
            ResourceId = $"{webhook.WebhookId}",
        });
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Webhook {WebhookId} of tenant {TenantId} is disabled: {Reason}.")]
        public static partial void Disabled(ILogger logger, string tenantId, Guid webhookId, string reason);
    }
}
