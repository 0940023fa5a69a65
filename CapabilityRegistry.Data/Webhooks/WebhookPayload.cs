using System.Text.Json;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Events;

namespace CapabilityRegistry.Data.Webhooks;

/// <summary>The body of a delivery, in the form that Standard Webhooks recommend: which event, when, and the names of what it is about. Receivers read the rest from the API.</summary>
public sealed record WebhookPayload(string Type, DateTimeOffset Timestamp, WebhookPayloadData Data)
{
    /// <summary>The body of an event.</summary>
    public static byte[] Of(SequencedEvent e)
    {
        ArgumentNullException.ThrowIfNull(e);
        return Write(new(e.EventType, e.OccurredAt, new(e.TenantId, e.Actor)
        {
            Position = e.Position,
            ChangeId = e.ChangeId,
            CapabilityId = e.CapabilityId,
            CapabilityCode = e.CapabilityCode,
            VersionId = e.VersionId,
            Version = e.Version,
            CompositionId = e.CompositionId,
            WebhookId = e.WebhookId,
        }));
    }

    /// <summary>The body of a test.</summary>
    public static byte[] OfTest(string tenantId, Guid webhookId, string actor, DateTimeOffset now) =>
        Write(new(WebhookEvents.Test, now, new(tenantId, actor) { WebhookId = webhookId }));

    private static byte[] Write(WebhookPayload payload) => JsonSerializer.SerializeToUtf8Bytes(payload, RegistryJson.Options);
}

/// <summary>What an event is about.</summary>
public sealed record WebhookPayloadData(string TenantId, string Actor)
{
    /// <summary>The place in the one sequence; null in a test.</summary>
    public long? Position { get; init; }

    public Guid? ChangeId { get; init; }

    public Guid? CapabilityId { get; init; }

    public string? CapabilityCode { get; init; }

    public Guid? VersionId { get; init; }

    public string? Version { get; init; }

    public Guid? CompositionId { get; init; }

    public Guid? WebhookId { get; init; }
}
