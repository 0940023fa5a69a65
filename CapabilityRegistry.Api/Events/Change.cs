using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Events;

/// <summary>An event as clients see it.</summary>
/// <param name="Position">Its place in the one sequence.</param>
/// <param name="Type">What happened.</param>
/// <param name="OccurredAt">When.</param>
/// <param name="Actor">The client id that did it.</param>
/// <param name="Deleted">Whether the subject is no more: a tombstone.</param>
/// <param name="CapabilityId">The capability that it is about, if any.</param>
/// <param name="CapabilityCode">That one's code.</param>
/// <param name="Version">The version that it is about, if any.</param>
/// <param name="CompositionId">The composition that it is about, if any.</param>
/// <param name="WebhookId">The webhook that it is about, if any.</param>
/// <param name="ApiClientId">The client that it is about, if any.</param>
internal sealed record Change(
    long Position,
    string Type,
    DateTimeOffset OccurredAt,
    string Actor,
    bool Deleted,
    Guid? CapabilityId,
    string? CapabilityCode,
    string? Version,
    Guid? CompositionId,
    Guid? WebhookId,
    Guid? ApiClientId)
{
    public static Change Of(SequencedEvent e) => new(
        e.Position, e.EventType, e.OccurredAt, e.Actor, EventTypes.IsTombstone(e.EventType), e.CapabilityId, e.CapabilityCode, e.Version, e.CompositionId, e.WebhookId, e.ApiClientId);
}
