namespace CapabilityRegistry.Data.Model;

/// <summary>What somebody can want to hear of.</summary>
public enum NotificationKind
{
    /// <summary>A version that the lock of a composition names was deprecated, yanked or retired.</summary>
    VersionInUse,

    /// <summary>The lock of a composition names a version that is retired, or one of a capability that is deleted.</summary>
    CompositionBroken,

    /// <summary>A webhook was switched off because its deliveries fail.</summary>
    WebhookDisabled,
}

/// <summary>How often somebody wants a mail at most.</summary>
public enum NotificationDigest
{
    /// <summary>At once, and not more than once a minute.</summary>
    Immediate,

    /// <summary>At the turn of the hour.</summary>
    Hourly,

    /// <summary>At six in the morning, UTC.</summary>
    Daily,
}

/// <summary>Who gets mail about what happens in a tenant. At most one mail to a subscription is under way.</summary>
public sealed class NotificationSubscription : ITenantOwned
{
    public required string TenantId { get; init; }

    /// <summary>UUID version 7.</summary>
    public required Guid SubscriptionId { get; init; }

    public required string Email { get; init; }

    /// <summary>The words of <see cref="NotificationKind"/>s.</summary>
    public required string[] Kinds { get; init; }

    public required NotificationDigest Digest { get; init; }

    /// <summary>Nobody is told of what happened before.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    /// <summary>When there is something to do: a mail to begin, or to try again. Null when there is nothing to tell.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>The mail under way; its notifications are fixed, and so is its Message-ID.</summary>
    public Guid? MailId { get; init; }

    /// <summary>How often the mail under way has failed.</summary>
    public int Attempts { get; init; }

    /// <summary>Until when one worker has the mail under way for itself.</summary>
    public DateTimeOffset? LeaseUntil { get; init; }

    public DateTimeOffset? LastSentAt { get; init; }

    /// <summary>When a mail was last given up, if none was sent since.</summary>
    public DateTimeOffset? ParkedAt { get; init; }

    /// <summary>Why the last attempt failed, if none has succeeded since.</summary>
    public string? LastError { get; init; }
}

/// <summary>Something that one subscription is told of, once.</summary>
public sealed class Notification : ITenantOwned
{
    public required string TenantId { get; init; }

    /// <summary>UUID version 7.</summary>
    public required Guid NotificationId { get; init; }

    public required Guid SubscriptionId { get; init; }

    public required NotificationKind Kind { get; init; }

    /// <summary>The place of the event that it tells of.</summary>
    public required long Position { get; init; }

    /// <summary>What it is about, as people name it.</summary>
    public required string Subject { get; init; }

    /// <summary>A JSON object: what the mail says of it.</summary>
    public required string Details { get; init; }

    public required DateTimeOffset OccurredAt { get; init; }

    /// <summary>The mail that it is, or was, told in.</summary>
    public Guid? MailId { get; init; }

    /// <summary>When its mail was accepted by the mail server, or given up.</summary>
    public DateTimeOffset? DoneAt { get; init; }

    /// <summary>Why its mail was given up.</summary>
    public string? Error { get; init; }
}
