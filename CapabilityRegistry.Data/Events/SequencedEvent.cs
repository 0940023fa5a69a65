namespace CapabilityRegistry.Data.Events;

/// <summary>An event with its place in the one sequence, as consumers get it.</summary>
/// <param name="Position">The place. Positions have no gaps; a tenant's own events leave out those of the others.</param>
/// <param name="TenantId">Whose event.</param>
/// <param name="EventType">One of <see cref="Model.EventTypes"/>.</param>
/// <param name="CapabilityId">The capability that it is about, if any.</param>
/// <param name="CapabilityCode">That one's code.</param>
/// <param name="VersionId">The version that it is about, if any.</param>
/// <param name="Version">That one's number.</param>
/// <param name="CompositionId">The composition that it is about, if any.</param>
/// <param name="WebhookId">The webhook that it is about, if any.</param>
/// <param name="ApiClientId">The client that it is about, if any.</param>
/// <param name="ChangeId">The change that it tells of: the key of its audit entry.</param>
/// <param name="OccurredAt">When the change was made.</param>
/// <param name="Actor">The client id that made it.</param>
/// <param name="TraceParent">The trace that caused it (W3C <c>traceparent</c>).</param>
public sealed record SequencedEvent(
    long Position,
    string TenantId,
    string EventType,
    Guid? CapabilityId,
    string? CapabilityCode,
    Guid? VersionId,
    string? Version,
    Guid? CompositionId,
    Guid? WebhookId,
    Guid? ApiClientId,
    Guid ChangeId,
    DateTimeOffset OccurredAt,
    string Actor,
    string? TraceParent);
