using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Compositions;
using CapabilityRegistry.Api.Sockets;

namespace CapabilityRegistry.Api.Collaboration;

/// <summary>A message about a composition that says everything by its type: join, leave.</summary>
internal sealed record CompositionMessage([property: JsonRequired] string Type, [property: JsonRequired] Guid CompositionId);

/// <summary>Says something of oneself to the others: state.</summary>
internal sealed record StateMessage([property: JsonRequired] string Type, [property: JsonRequired] Guid CompositionId, [property: JsonRequired] JsonElement State);

/// <summary>Locks a member, or without one the whole, for some seconds; or unlocks it.</summary>
internal sealed record LockMessage([property: JsonRequired] string Type, [property: JsonRequired] Guid CompositionId, string? Member = null, int? Seconds = null);

/// <summary>An edit, thought for the revision that it names.</summary>
internal sealed record EditMessage(
    [property: JsonRequired] string Type,
    [property: JsonRequired] Guid CompositionId,
    [property: JsonRequired] long BaseRevision,
    [property: JsonRequired] JsonObject Patch,
    [property: JsonRequired] string ClientEditId);

/// <summary>Who joined gets the composition and who else is there.</summary>
internal sealed record JoinedMessage(CompositionView Composition, IReadOnlyList<Participant> Participants) : ServerMessage("joined")
{
    public Guid CompositionId => Composition.CompositionId;
}

/// <summary>Somebody came, went, or said something of itself.</summary>
internal sealed record PresenceMessage(Guid CompositionId, PresenceEvent Event, Participant Participant) : ServerMessage("presence");

/// <summary>A composition as it is now, after somebody changed it in whatever way. Revisions only grow.</summary>
/// <param name="Position">Everything that the sequence says of it up to here is in it.</param>
/// <param name="Composition">The composition.</param>
internal sealed record CompositionUpdateMessage(long Position, CompositionView Composition) : ServerMessage("composition")
{
    public Guid CompositionId => Composition.CompositionId;
}

/// <summary>A composition is no more.</summary>
internal sealed record CompositionDeletedMessage(Guid CompositionId, long Position) : ServerMessage("composition_deleted");

/// <summary>An edit is kept.</summary>
internal sealed record EditAppliedMessage(string ClientEditId, Guid CompositionId, long? Position, CompositionView Composition) : ServerMessage("edit_applied");

/// <summary>An edit is not kept, because members that it names were changed after the revision that it was thought for.</summary>
internal sealed record EditConflictMessage(string ClientEditId, Guid CompositionId, IReadOnlyList<string> Members, CompositionView Current) : ServerMessage("edit_conflict");

/// <summary>A lock is taken.</summary>
internal sealed record LockedMessage(Guid CompositionId, string Member, DateTimeOffset ExpiresAt) : ServerMessage("locked");

/// <summary>Somebody else has a lock there.</summary>
internal sealed record LockRefusedMessage(Guid CompositionId, string Member, Participant HeldBy) : ServerMessage("lock_refused");
