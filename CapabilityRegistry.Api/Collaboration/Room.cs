using CapabilityRegistry.Api.Sockets;

namespace CapabilityRegistry.Api.Collaboration;

/// <summary>Who is at a composition: those of this process with their sockets, those of others as far as heard.</summary>
internal sealed class Room(RoomKey key)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Occupant> _occupants = new(StringComparer.Ordinal);
    private long _position;
    private bool _isStale;
    private bool _isRefreshing;

    public RoomKey Key { get; } = key;

    public int Local
    {
        get
        {
            lock (_lock)
            {
                return _occupants.Values.Count(o => o.Peer is not null);
            }
        }
    }

    /// <summary>Everybody.</summary>
    public IReadOnlyList<Participant> Participants(DateTimeOffset now)
    {
        lock (_lock)
        {
            return [.. _occupants.Values.Select(o => o.Participant.At(now)).OrderBy(p => p.JoinedAt).ThenBy(p => p.ConnectionId, StringComparer.Ordinal)];
        }
    }

    /// <summary>Those of this process.</summary>
    public IReadOnlyList<Participant> LocalParticipants(DateTimeOffset now)
    {
        lock (_lock)
        {
            return [.. _occupants.Values.Where(o => o.Peer is not null).Select(o => o.Participant.At(now))];
        }
    }

    /// <summary>Sets what is known of a participant. False when it was not there before.</summary>
    /// <param name="participant">The participant.</param>
    /// <param name="peer">Its socket; null when it is another process's.</param>
    /// <param name="now">When it was heard of.</param>
    public bool Set(Participant participant, IPeer? peer, DateTimeOffset now)
    {
        lock (_lock)
        {
            var isKnown = _occupants.ContainsKey(participant.ConnectionId);
            _occupants[participant.ConnectionId] = new(participant, peer, now);
            return isKnown;
        }
    }

    /// <summary>Changes a participant of this process; null when it is not here.</summary>
    public Participant? Change(string connectionId, Func<Participant, Participant> change)
    {
        lock (_lock)
        {
            if (!_occupants.TryGetValue(connectionId, out var occupant) || occupant.Peer is null)
            {
                return null;
            }

            _occupants[connectionId] = occupant with { Participant = change(occupant.Participant) };
            return _occupants[connectionId].Participant;
        }
    }

    /// <summary>Locks a member for a participant unless another one has a lock there.</summary>
    /// <returns>The participant that has the lock now: itself, or the other one; null when it is not here.</returns>
    public Participant? Lock(string connectionId, MemberLock wanted)
    {
        lock (_lock)
        {
            return _occupants.Values.FirstOrDefault(o => o.Participant.ConnectionId != connectionId && o.Participant.LockAgainst(wanted.Member, wanted.LockedAt) is not null)?.Participant
                ?? Change(connectionId, p => p with { Locks = [.. p.At(wanted.LockedAt).Locks.Where(l => l.Member != wanted.Member), wanted] });
        }
    }

    /// <summary>Takes a participant away; null when it was not there.</summary>
    public Participant? Remove(string connectionId)
    {
        lock (_lock)
        {
            return _occupants.Remove(connectionId, out var occupant) ? occupant.Participant : null;
        }
    }

    /// <summary>Takes those of other processes away of whom nothing was heard for long.</summary>
    public IReadOnlyList<Participant> RemoveSilent(DateTimeOffset before)
    {
        lock (_lock)
        {
            Participant[] silent = [.. _occupants.Values.Where(o => o.Peer is null && o.HeardAt < before).Select(o => o.Participant)];
            Array.ForEach(silent, p => _occupants.Remove(p.ConnectionId));
            return silent;
        }
    }

    /// <summary>Sends to everybody of this process, but one.</summary>
    public void Tell(ServerMessage message, string? except = null)
    {
        IPeer[] peers;
        lock (_lock)
        {
            peers = [.. _occupants.Values.Select(o => o.Peer).OfType<IPeer>().Where(p => p.ConnectionId != except)];
        }

        if (peers.Length > 0)
        {
            var json = message.ToJson();
            Array.ForEach(peers, p => p.Send(json));
        }
    }

    /// <summary>Notes that the composition changed. True when somebody has to begin to look at it; who is at it already looks again.</summary>
    public bool Touch(long position)
    {
        lock (_lock)
        {
            (_position, _isStale) = (Math.Max(_position, position), true);
            var begins = !_isRefreshing;
            _isRefreshing = true;
            return begins;
        }
    }

    /// <summary>The position that a look at the composition has everything of; null when nothing has happened since the look before.</summary>
    public long? NextRefresh()
    {
        lock (_lock)
        {
            _isRefreshing = _isStale;
            _isStale = false;
            return _isRefreshing ? _position : null;
        }
    }

    private sealed record Occupant(Participant Participant, IPeer? Peer, DateTimeOffset HeardAt);
}
