using System.Collections.Concurrent;
using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Http;
using CapabilityRegistry.Data.Events;

namespace CapabilityRegistry.Api.Collaboration;

/// <summary>The compositions at which somebody of this process is.</summary>
/// <remarks>What a composition is, everybody learns from the sequence, which every process follows; who is at it, from the other processes, by Redis. So an outage of Redis hides
/// participants of other processes, and nothing else.</remarks>
internal sealed partial class Rooms : IEventFollower
{
    private readonly ConcurrentDictionary<RoomKey, Room> _rooms = new();
    private readonly string _process;
    private readonly IPresenceBus _bus;
    private readonly CompositionReader _reader;
    private readonly TimeProvider _clock;
    private readonly ILogger<Rooms> _logger;

    public Rooms(IPresenceBus bus, CompositionReader reader, TimeProvider clock, ILogger<Rooms> logger)
    {
        (_bus, _reader, _clock, _logger) = (bus, reader, clock, logger);
        _process = Guid.CreateVersion7(clock.GetUtcNow()).ToString();
        bus.Listen(Hear);
    }

    /// <summary>Brings somebody in.</summary>
    public void Join(RoomKey key, Participant participant, IPeer peer)
    {
        Room room;
        lock (_rooms)
        {
            room = _rooms.GetOrAdd(key, static k => new(k));
            room.Set(participant, peer, _clock.GetUtcNow());
        }

        Tell(room, PresenceEvent.Joined, participant);
    }

    /// <summary>Who is there.</summary>
    public IReadOnlyList<Participant> Participants(RoomKey key) => _rooms.TryGetValue(key, out var room) ? room.Participants(_clock.GetUtcNow()) : [];

    /// <summary>Takes somebody out.</summary>
    public void Leave(RoomKey key, string connectionId)
    {
        if (!_rooms.TryGetValue(key, out var room) || room.Remove(connectionId) is not { } gone)
        {
            return;
        }

        Tell(room, PresenceEvent.Left, gone with { Locks = [] });
        lock (_rooms)
        {
            if (room.Local == 0)
            {
                _rooms.TryRemove(key, out _);
            }
        }
    }

    /// <summary>Changes what somebody says of itself. False when it is not there.</summary>
    public bool Change(RoomKey key, string connectionId, PresenceEvent what, Func<Participant, Participant> change)
    {
        if (!_rooms.TryGetValue(key, out var room) || room.Change(connectionId, change) is not { } changed)
        {
            return false;
        }

        Tell(room, what, changed.At(_clock.GetUtcNow()));
        return true;
    }

    /// <summary>Locks a member for somebody.</summary>
    /// <returns>Who has the lock now; null when the one who asks is not there.</returns>
    public Participant? Lock(RoomKey key, string connectionId, MemberLock wanted)
    {
        var holder = _rooms.TryGetValue(key, out var room) ? room.Lock(connectionId, wanted) : null;
        if (holder?.ConnectionId == connectionId)
        {
            Tell(room!, PresenceEvent.Locks, holder.At(wanted.LockedAt));
        }

        return holder;
    }

    /// <summary>How many locks somebody has.</summary>
    public int LocksOf(RoomKey key, string connectionId, DateTimeOffset now) =>
        _rooms.TryGetValue(key, out var room) ? room.LocalParticipants(now).FirstOrDefault(p => p.ConnectionId == connectionId)?.Locks.Count ?? 0 : 0;

    /// <summary>Tells the other processes who is here, and forgets those of theirs of whom nothing was heard for some beats.</summary>
    public void Beat(TimeSpan silence)
    {
        var now = _clock.GetUtcNow();
        foreach (var room in _rooms.Values)
        {
            foreach (var participant in room.LocalParticipants(now))
            {
                _bus.Tell(new(_process, room.Key.TenantId, room.Key.CompositionId, PresenceEvent.Here, participant));
            }

            foreach (var silent in room.RemoveSilent(now - silence))
            {
                room.Tell(new PresenceMessage(room.Key.CompositionId, PresenceEvent.Left, silent with { Locks = [] }));
            }
        }
    }

    public void Follow(IReadOnlyList<SequencedEvent> events)
    {
        if (_rooms.IsEmpty)
        {
            return;
        }

        foreach (var e in events)
        {
            if (e.CompositionId is { } id && _rooms.TryGetValue(new(e.TenantId, id), out var room))
            {
                Refresh(room, e.Position);
            }
        }
    }

    public void Lose()
    {
        foreach (var room in _rooms.Values)
        {
            Refresh(room, 0);
        }
    }

    private void Tell(Room room, PresenceEvent what, Participant participant)
    {
        room.Tell(new PresenceMessage(room.Key.CompositionId, what, participant), except: participant.ConnectionId);
        _bus.Tell(new(_process, room.Key.TenantId, room.Key.CompositionId, what, participant));
    }

    /// <summary>Takes in what another process says of its participants. Who has just come is told who is here.</summary>
    private void Hear(PresenceNews news)
    {
        if (news.Process == _process || !_rooms.TryGetValue(new(news.TenantId, news.CompositionId), out var room))
        {
            return;
        }

        var now = _clock.GetUtcNow();
        var isKnown = news.Event is PresenceEvent.Left ? room.Remove(news.Participant.ConnectionId) is not null : room.Set(news.Participant, null, now);
        var what = news.Event switch { PresenceEvent.Left => PresenceEvent.Left, _ when !isKnown => PresenceEvent.Joined, var e => e };
        if (what is not PresenceEvent.Here && (isKnown || what is not PresenceEvent.Left))
        {
            room.Tell(new PresenceMessage(room.Key.CompositionId, what, news.Participant));
        }

        foreach (var participant in news.Event is PresenceEvent.Joined ? room.LocalParticipants(now) : [])
        {
            _bus.Tell(new(_process, news.TenantId, news.CompositionId, PresenceEvent.Here, participant));
        }
    }

    private void Refresh(Room room, long position)
    {
        if (room.Touch(position))
        {
            _ = Task.Run(() => RefreshAsync(room));
        }
    }

    /// <summary>Shows everybody the composition as it is now, once for all that happened meanwhile.</summary>
    private async Task RefreshAsync(Room room)
    {
        while (room.NextRefresh() is { } position)
        {
            try
            {
                var view = await _reader.ReadAsync(room.Key, CancellationToken.None);
                room.Tell(view is null ? new CompositionDeletedMessage(room.Key.CompositionId, position) : new CompositionUpdateMessage(position, view));
            }
            catch (Exception exception) when (ProblemExceptionHandler.IsOutage(exception))
            {
                // The tail loses its place too, and begins anew when the database is back.
                Log.NotShown(_logger, room.Key.CompositionId, exception.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The state of the composition {CompositionId} could not be shown to those at it: {Reason}")]
        public static partial void NotShown(ILogger logger, Guid compositionId, string reason);
    }
}
