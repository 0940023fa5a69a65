namespace CapabilityRegistry.Data.Model;

/// <summary>A subscription: where events are sent, which, and signed with what.</summary>
public sealed class Webhook : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid WebhookId { get; init; }

    public required string Url { get; set; }

    public required string Description { get; set; }

    /// <summary>Names of event types, <c>*</c>, or prefixes such as <c>capability.*</c>.</summary>
    public required string[] Events { get; set; }

    public required bool Enabled { get; set; }

    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>Why it is disabled; null while it is not.</summary>
    public DisabledReason? DisabledReason { get; set; }

    /// <summary>When the first of the failures was that no success has followed.</summary>
    public DateTimeOffset? FailingSince { get; set; }

    /// <summary>The secret, encrypted; empty once the webhook is deleted.</summary>
    public required byte[] Secret { get; set; }

    /// <summary>The secret before the last rotation, encrypted.</summary>
    public byte[]? PreviousSecret { get; set; }

    /// <summary>Until when the previous secret signs too.</summary>
    public DateTimeOffset? PreviousSecretExpiresAt { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset UpdatedAt { get; set; }

    /// <summary>Since when nobody sees it. The worker removes it with its deliveries, bit by bit: they can be too many for one request.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    public long Revision { get; set; }
}

/// <summary>Why a webhook is disabled.</summary>
public enum DisabledReason
{
    /// <summary>Somebody said so.</summary>
    Requested,

    /// <summary>The receiver answered 410.</summary>
    Gone,

    /// <summary>It failed for days without a success in between.</summary>
    Failing,
}

/// <summary>One event for one webhook.</summary>
public sealed class WebhookDelivery : ITenantOwned
{
    public required string TenantId { get; init; }

    /// <summary>UUID version 7; the message's id is made of it.</summary>
    public required Guid DeliveryId { get; init; }

    public required Guid WebhookId { get; init; }

    public required string EventType { get; init; }

    /// <summary>The event's place in the sequence; null for a test.</summary>
    public long? Position { get; init; }

    /// <summary>The body of every attempt, to the byte: receivers check a signature of it.</summary>
    public required byte[] Payload { get; init; }

    public required DeliveryState State { get; set; }

    /// <summary>How many attempts were made at all.</summary>
    public int Attempts { get; set; }

    /// <summary>How many of the schedule were made; a redelivery begins it anew.</summary>
    public int Tries { get; set; }

    /// <summary>What the last attempt was answered with; null when it got no answer.</summary>
    public short? LastStatus { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the next attempt is due, while it is pending.</summary>
    public required DateTimeOffset DueAt { get; set; }

    /// <summary>Until when nobody but the holder of <see cref="LeaseId"/> makes an attempt.</summary>
    public DateTimeOffset? LeasedUntil { get; set; }

    public Guid? LeaseId { get; set; }

    public DateTimeOffset? FinishedAt { get; set; }
}

/// <summary>What has become of a delivery.</summary>
public enum DeliveryState
{
    /// <summary>An attempt is due, now or later.</summary>
    Pending,

    /// <summary>The receiver answered 2xx.</summary>
    Delivered,

    /// <summary>The schedule is at its end.</summary>
    Failed,

    /// <summary>The webhook was disabled when an attempt was due.</summary>
    Cancelled,
}

/// <summary>One attempt at a delivery.</summary>
public sealed class WebhookAttempt : ITenantOwned
{
    public required string TenantId { get; init; }

    public required Guid DeliveryId { get; init; }

    /// <summary>From 1.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required int DurationMs { get; init; }

    /// <summary>What the receiver answered; null when it did not.</summary>
    public short? Status { get; init; }

    /// <summary>Why there is no good answer, for people.</summary>
    public string? Error { get; init; }

    /// <summary>How the answer's body begins.</summary>
    public string? Response { get; init; }
}
