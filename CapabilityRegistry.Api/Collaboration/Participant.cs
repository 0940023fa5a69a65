using System.Text.Json;
using System.Text.Json.Serialization;
using CapabilityRegistry.Api.Compositions;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Api.Sockets;

namespace CapabilityRegistry.Api.Collaboration;

/// <summary>A composition of a tenant, as a place where people meet.</summary>
internal readonly record struct RoomKey(string TenantId, Guid CompositionId);

/// <summary>A soft lock: it asks others to stay away, and keeps nobody out.</summary>
/// <param name="Member">A JSON pointer to the member; empty for the whole composition.</param>
/// <param name="LockedAt">Since when.</param>
/// <param name="ExpiresAt">When it ends by itself.</param>
internal sealed record MemberLock(string Member, DateTimeOffset LockedAt, DateTimeOffset ExpiresAt);

/// <summary>Somebody at a composition.</summary>
/// <param name="ConnectionId">The socket.</param>
/// <param name="ClientId">The client.</param>
/// <param name="JoinedAt">Since when.</param>
/// <param name="State">What it says of itself, such as where its cursor is.</param>
/// <param name="Locks">What it has locked.</param>
internal sealed record Participant(string ConnectionId, string ClientId, DateTimeOffset JoinedAt, JsonElement? State, IReadOnlyList<MemberLock> Locks)
{
    /// <summary>The lock that is in the way of one on a member.</summary>
    public MemberLock? LockAgainst(string member, DateTimeOffset now) => Locks.FirstOrDefault(l => l.ExpiresAt > now && MemberRevisions.Overlap(l.Member, member));

    /// <summary>The same without what has expired.</summary>
    public Participant At(DateTimeOffset now) => Locks.All(l => l.ExpiresAt > now) ? this : this with { Locks = [.. Locks.Where(l => l.ExpiresAt > now)] };
}

/// <summary>A socket, as a room sees it.</summary>
internal interface IPeer
{
    string ConnectionId { get; }

    Caller Caller { get; }

    /// <summary>Where it comes from.</summary>
    string? Address { get; }

    /// <summary>Queues a message; never waits.</summary>
    void Send(ServerMessage message);

    /// <summary>Queues a message that is made when its turn has come.</summary>
    void Send(Func<ServerMessage> make);

    /// <summary>Queues a message that others get too; never waits.</summary>
    void Send(byte[] json);
}

/// <summary>What happens to a participant, in the words of messages.</summary>
internal enum PresenceEvent
{
    Joined,
    Left,
    State,
    Locks,

    /// <summary>Between processes only: still here.</summary>
    Here,
}

/// <summary>What one process tells the others about a participant of its own.</summary>
internal sealed record PresenceNews(
    [property: JsonRequired] string Process,
    [property: JsonRequired] string TenantId,
    [property: JsonRequired] Guid CompositionId,
    [property: JsonRequired] PresenceEvent Event,
    [property: JsonRequired] Participant Participant);
