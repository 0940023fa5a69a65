using System.Text;
using System.Text.Json;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Core.Manifests;

namespace CapabilityRegistry.Api.Collaboration;

/// <summary>Where sockets that collaborate get what they need.</summary>
internal sealed class CollaborationDesk(Rooms rooms, CompositionReader reader, CollaborativeEdit edits, TimeProvider clock)
{
    public Rooms Rooms => rooms;

    public CompositionReader Reader => reader;

    public CollaborativeEdit Edits => edits;

    public TimeProvider Clock => clock;

    public Collaborator For(IPeer peer) => new(this, peer);
}

/// <summary>One socket's part in the collaboration on compositions.</summary>
internal sealed class Collaborator(CollaborationDesk desk, IPeer peer) : IDisposable
{
    private const int MostRooms = 16;
    private const int MostLocks = 32;
    private const int LongestState = 4_096;
    private const int LongestMember = 512;
    private const int LongestEditId = 128;
    private const int DefaultLockSeconds = 30;
    private const int LongestLockSeconds = 300;

    private readonly HashSet<RoomKey> _joined = [];

    /// <summary>The messages that it understands.</summary>
    public static IReadOnlyList<string> Types { get; } = ["join", "leave", "state", "lock", "unlock", "edit"];

    /// <summary>Deals with a message of one of the types. False when something is wrong with it, which the findings say.</summary>
    public Task<bool> HandleAsync(string type, JsonElement message, List<Finding> findings) => type switch
    {
        "join" => StrictJson.Bind<CompositionMessage>(message, findings) is { } join ? JoinAsync(KeyOf(join.CompositionId), findings) : Task.FromResult(false),
        "leave" => Task.FromResult(StrictJson.Bind<CompositionMessage>(message, findings) is { } leave && Leave(KeyOf(leave.CompositionId), findings)),
        "state" => Task.FromResult(StrictJson.Bind<StateMessage>(message, findings) is { } state && Say(state, findings)),
        "lock" => Task.FromResult(StrictJson.Bind<LockMessage>(message, findings) is { } wanted && Lock(wanted, findings)),
        "unlock" => Task.FromResult(StrictJson.Bind<LockMessage>(message, findings) is { } lifted && Unlock(lifted, findings)),
        _ => StrictJson.Bind<EditMessage>(message, findings) is { } edit ? EditAsync(edit, findings) : Task.FromResult(false),
    };

    public void Dispose()
    {
        foreach (var key in _joined)
        {
            desk.Rooms.Leave(key, peer.ConnectionId);
        }
    }

    private RoomKey KeyOf(Guid compositionId) => new(peer.Caller.TenantId, compositionId);

    /// <summary>Interest is registered before the look: what changes after it is shown.</summary>
    private async Task<bool> JoinAsync(RoomKey key, List<Finding> findings)
    {
        if (!_joined.Contains(key) && _joined.Count == MostRooms)
        {
            findings.Add(new("/composition_id", "too_many", $"A socket is at {MostRooms} compositions at most."));
            return false;
        }

        if (await desk.Reader.ReadAsync(key, CancellationToken.None) is null)
        {
            findings.Add(new("/composition_id", "not_found", "There is no such composition."));
            return false;
        }

        _joined.Add(key);
        desk.Rooms.Join(key, new(peer.ConnectionId, peer.Caller.ClientId, desk.Clock.GetUtcNow(), null, []), peer);
        if (await desk.Reader.ReadAsync(key, CancellationToken.None) is { } composition)
        {
            peer.Send(() => new JoinedMessage(composition, desk.Rooms.Participants(key)));
        }
        else
        {
            peer.Send(new CompositionDeletedMessage(key.CompositionId, 0));
        }

        return true;
    }

    private bool Leave(RoomKey key, List<Finding> findings)
    {
        if (_joined.Remove(key))
        {
            desk.Rooms.Leave(key, peer.ConnectionId);
            return true;
        }

        return NotJoined(findings);
    }

    private bool Say(StateMessage message, List<Finding> findings)
    {
        if (message.State.ValueKind is not JsonValueKind.Object || Encoding.UTF8.GetByteCount(message.State.GetRawText()) > LongestState)
        {
            findings.Add(new("/state", "invalid_value", $"Must be an object of at most {LongestState} bytes."));
            return false;
        }

        var state = message.State.Clone();
        return desk.Rooms.Change(KeyOf(message.CompositionId), peer.ConnectionId, PresenceEvent.State, p => p with { State = state }) || NotJoined(findings);
    }

    private bool Lock(LockMessage message, List<Finding> findings)
    {
        if (message.Seconds is < 1 or > LongestLockSeconds)
        {
            findings.Add(new("/seconds", "number_out_of_range", $"Must be from 1 to {LongestLockSeconds}."));
        }

        if (!IsMember(message.Member ?? ""))
        {
            findings.Add(new("/member", "invalid_value", "Must be a JSON pointer to a member, such as /configuration/currency; empty or away for the whole."));
        }

        if (!Access.WriteCompositions.IsGrantedTo(peer.Caller))
        {
            findings.Add(new("", "forbidden", "Who may not edit has nothing to lock."));
        }

        if (findings.Count > 0)
        {
            return false;
        }

        var (now, member) = (desk.Clock.GetUtcNow(), message.Member ?? "");
        var wanted = new MemberLock(member, now, now.AddSeconds(message.Seconds ?? DefaultLockSeconds));
        if (desk.Rooms.LocksOf(KeyOf(message.CompositionId), peer.ConnectionId, now) >= MostLocks)
        {
            findings.Add(new("/member", "too_many", $"A socket has {MostLocks} locks of a composition at most."));
            return false;
        }

        var holder = desk.Rooms.Lock(KeyOf(message.CompositionId), peer.ConnectionId, wanted);
        if (holder is null)
        {
            return NotJoined(findings);
        }

        peer.Send(holder.ConnectionId == peer.ConnectionId ? new LockedMessage(message.CompositionId, member, wanted.ExpiresAt) : new LockRefusedMessage(message.CompositionId, member, holder));
        return true;
    }

    private bool Unlock(LockMessage message, List<Finding> findings) =>
        desk.Rooms.Change(KeyOf(message.CompositionId), peer.ConnectionId, PresenceEvent.Locks, p => p with { Locks = [.. p.Locks.Where(l => l.Member != (message.Member ?? ""))] }) || NotJoined(findings);

    private async Task<bool> EditAsync(EditMessage message, List<Finding> findings)
    {
        if (message.ClientEditId.Length is 0 or > LongestEditId || message.ClientEditId.Any(c => c is < '!' or > '~'))
        {
            findings.Add(new("/client_edit_id", "invalid_value", $"Must be 1 to {LongestEditId} visible ASCII characters."));
            return false;
        }

        peer.Send(await desk.Edits.ApplyAsync(peer, message, CancellationToken.None));
        return true;
    }

    private static bool IsMember(string pointer) => pointer.Length == 0 || (pointer[0] == '/' && pointer.Length <= LongestMember);

    private static bool NotJoined(List<Finding> findings)
    {
        findings.Add(new("/composition_id", "not_joined", "Join the composition first."));
        return false;
    }
}
