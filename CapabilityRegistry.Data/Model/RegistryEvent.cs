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
    public const string CompositionLocked = "composition.locked";
}
