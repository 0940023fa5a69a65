namespace CapabilityRegistry.Data.Model;

/// <summary>An entry of the one sequence. Appended in the transaction of what it records; its position is given afterwards, in an order that never has a gap.</summary>
public sealed class RegistryEvent : ITenantOwned
{
    public required string TenantId { get; init; }

    /// <summary>Order of insertion. Not what clients see: transactions commit in another order.</summary>
    public long EventId { get; init; }

    /// <summary>The place in the one sequence; null until the sequencer has seen the event committed.</summary>
    public long? Position { get; init; }

    /// <summary>One of <see cref="EventTypes"/>.</summary>
    public required string EventType { get; init; }

    public Guid? CapabilityId { get; init; }

    public Guid? VersionId { get; init; }

    public Guid? CompositionId { get; init; }

    public Guid? ApiClientId { get; init; }

    public Guid? WebhookId { get; init; }

    /// <summary>The change that it tells of; the audit entry of the same change has the same one.</summary>
    public required Guid ChangeId { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    public required string Actor { get; init; }

    /// <summary>The trace that caused it (W3C <c>traceparent</c>), so that what happens afterwards in other processes shows up there.</summary>
    public string? TraceParent { get; init; }
}

/// <summary>The words of the event log.</summary>
public static class EventTypes
{
    public const string VersionPublished = "version.published";
    public const string VersionCorrected = "version.corrected";
    public const string VersionLifecycleChanged = "version.lifecycle_changed";
    public const string CapabilityUpdated = "capability.updated";
    public const string CapabilityDeleted = "capability.deleted";
    public const string CapabilityRestored = "capability.restored";
    public const string CompositionCreated = "composition.created";
    public const string CompositionUpdated = "composition.updated";
    public const string CompositionDeleted = "composition.deleted";
    public const string CompositionLocked = "composition.locked";
    public const string ClientCreated = "client.created";
    public const string ClientUpdated = "client.updated";
    public const string ClientRevoked = "client.revoked";
    public const string ClientSecretCreated = "client.secret_created";
    public const string ClientSecretRevoked = "client.secret_revoked";
    public const string ClientAuthenticated = "client.authenticated";
    public const string ClientAuthenticationFailed = "client.authentication_failed";
    public const string TenantCreated = "tenant.created";
    public const string TenantUpdated = "tenant.updated";
    public const string WebhookCreated = "webhook.created";
    public const string WebhookUpdated = "webhook.updated";
    public const string WebhookDeleted = "webhook.deleted";
    public const string WebhookSecretRotated = "webhook.secret_rotated";
    public const string WebhookEnabled = "webhook.enabled";
    public const string WebhookDisabled = "webhook.disabled";
    public const string WebhookTested = "webhook.tested";
    public const string WebhookRedelivered = "webhook.redelivered";
    public const string ParkedEventReplayed = "parked_event.replayed";
    public const string ParkedEventDropped = "parked_event.dropped";

    /// <summary>The popularity of a tenant's capabilities was computed anew. One event for all of them: it is no change that anybody made.</summary>
    public const string UsageRolledUp = "usage.rolled_up";
    public const string NotificationSubscriptionCreated = "notification_subscription.created";
    public const string NotificationSubscriptionDeleted = "notification_subscription.deleted";

    /// <summary>What everybody may follow who may read: what happens to capabilities, versions and compositions. The rest is for administrators.</summary>
    public static IReadOnlyList<string> Public { get; } =
        [VersionPublished, VersionCorrected, VersionLifecycleChanged, CapabilityUpdated, CapabilityDeleted, CapabilityRestored, CompositionCreated, CompositionUpdated, CompositionDeleted, CompositionLocked];

    /// <summary>Every type.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Public, ClientCreated, ClientUpdated, ClientRevoked, ClientSecretCreated, ClientSecretRevoked, ClientAuthenticated, ClientAuthenticationFailed, TenantCreated, TenantUpdated,
        ParkedEventReplayed, ParkedEventDropped, WebhookCreated, WebhookUpdated, WebhookDeleted, WebhookSecretRotated, WebhookEnabled, WebhookDisabled, WebhookTested, WebhookRedelivered,
        UsageRolledUp, NotificationSubscriptionCreated, NotificationSubscriptionDeleted];

    /// <summary>Whether an event says that its subject is no more.</summary>
    public static bool IsTombstone(string type) => type is CapabilityDeleted or CompositionDeleted or WebhookDeleted;
}
