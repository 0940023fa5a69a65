using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Core.Manifests;
using CapabilityRegistry.Data.Events;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>What the server sends: a JSON object whose <c>type</c> says which.</summary>
internal abstract record ServerMessage([property: JsonPropertyOrder(-1)] string Type)
{
    public byte[] ToJson() => Representation.Serialize(this);
}

/// <summary>The first message.</summary>
internal sealed record ConnectionMessage(string TenantId, string ConnectionId, long Position, string Status = "connected") : ServerMessage("connection");

/// <summary>Events after the position follow.</summary>
internal sealed record SubscribedMessage(long Position, IReadOnlyList<string> Events) : ServerMessage("subscribed");

/// <summary>No more events follow.</summary>
internal sealed record UnsubscribedMessage(long Position) : ServerMessage("unsubscribed");

/// <summary>The answer to a ping.</summary>
/// <param name="Position">Everything that the socket is subscribed to, up to here, was sent before.</param>
internal sealed record PongMessage(long Position) : ServerMessage("pong");

/// <summary>Something is wrong with a message, or the socket cannot go on with something.</summary>
internal sealed record ErrorMessage(string Code, string Message, IReadOnlyList<Finding>? Errors = null, SnapshotLink? Snapshot = null, string? ClientEditId = null) : ServerMessage("error")
{
    public static ErrorMessage Invalid(IReadOnlyList<Finding> findings) => new("invalid_message", findings is [var only] ? only.Message : $"{findings.Count} things are wrong with it.", findings);

    public static ErrorMessage Gone(FeedReading.Gone gone) =>
        new("position_gone", $"{gone.Reason} Read the snapshot and go on from its position.", Snapshot: new(gone.Head, "/api/capabilities/export"));
}

/// <summary>An event of the sequence, with the members of the change feed's items; what is <c>type</c> there is <c>event_type</c> here.</summary>
internal sealed record UpdateMessage(
    long Position,
    string EventType,
    DateTimeOffset OccurredAt,
    string Actor,
    bool Deleted,
    Guid? CapabilityId,
    string? CapabilityCode,
    string? Version,
    Guid? CompositionId,
    Guid? WebhookId,
    Guid? ApiClientId) : ServerMessage("registry_update")
{
    public static UpdateMessage Of(SequencedEvent e)
    {
        var c = Change.Of(e);
        return new(c.Position, c.Type, c.OccurredAt, c.Actor, c.Deleted, c.CapabilityId, c.CapabilityCode, c.Version, c.CompositionId, c.WebhookId, c.ApiClientId);
    }
}

/// <summary>Asks for events: from now on, or from where the subscription before stood, or after a position.</summary>
internal sealed record SubscribeMessage([property: JsonRequired] string Type, IReadOnlyList<string>? Events = null, long? Since = null);

/// <summary>A message that says everything by its type.</summary>
internal sealed record BareMessage([property: JsonRequired] string Type);
