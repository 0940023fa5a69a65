using CapabilityRegistry.Api.Events;
using CapabilityRegistry.Api.Identity;
using CapabilityRegistry.Data.Events;
using CapabilityRegistry.Data.Model;

namespace CapabilityRegistry.Api.Sockets;

/// <summary>Hears of a tenant. Quick, and never throws.</summary>
internal interface ITenantListener
{
    /// <summary>There may be something new in the stream.</summary>
    void OnNews();

    /// <summary>The standing of somebody in the tenant changed.</summary>
    void OnDoubt();
}

/// <summary>Hands the sequence out to the tenants that have sockets here: the newest events of each, once for all of its sockets.</summary>
internal sealed class TenantStreams(BelievedTokens tokens) : IEventFollower
{
    private const long Unknown = -1;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, TenantStream> _streams = new(StringComparer.Ordinal);
    private long _followed = Unknown;

    /// <summary>How far this process has come, as far as it knows.</summary>
    public long Followed => Volatile.Read(ref _followed);

    /// <summary>Begins to hear of a tenant.</summary>
    public TenantStream Join(string tenantId, ITenantListener listener)
    {
        lock (_lock)
        {
            if (!_streams.TryGetValue(tenantId, out var stream))
            {
                _streams.Add(tenantId, stream = new(this, tenantId, _followed == Unknown ? TenantStream.Nothing : _followed));
            }

            stream.Listeners = [.. stream.Listeners, listener];
            return stream;
        }
    }

    /// <summary>Hears no more of a tenant. Whoever is last takes the stream along.</summary>
    public void Leave(TenantStream stream, ITenantListener listener)
    {
        lock (_lock)
        {
            stream.Listeners = [.. stream.Listeners.Where(l => l != listener)];
            if (stream.Listeners.Length == 0)
            {
                _streams.Remove(stream.TenantId);
            }
        }
    }

    public void Follow(IReadOnlyList<SequencedEvent> events)
    {
        var (touched, doubted) = (new HashSet<TenantStream>(), new HashSet<TenantStream>());
        lock (_lock)
        {
            if (_followed == Unknown)
            {
                foreach (var stream in _streams.Values)
                {
                    stream.BeginAt(events[0].Position - 1);
                }
            }

            foreach (var e in events)
            {
                if (_streams.TryGetValue(e.TenantId, out var stream))
                {
                    stream.Append(e);
                    touched.Add(stream);
                    if (ChangesStanding(e.EventType))
                    {
                        doubted.Add(stream);
                    }
                }
            }

            Volatile.Write(ref _followed, events[^1].Position);
        }

        Tell(touched, doubted);
    }

    public void Lose()
    {
        TenantStream[] all;
        lock (_lock)
        {
            Volatile.Write(ref _followed, Unknown);
            all = [.. _streams.Values];
            Array.ForEach(all, s => s.BeginAt(TenantStream.Nothing));
        }

        Tell(all, all);
    }

    /// <summary>What was believed is in doubt before those are told who would ask again.</summary>
    private void Tell(IReadOnlyCollection<TenantStream> touched, IReadOnlyCollection<TenantStream> doubted)
    {
        if (doubted.Count > 0)
        {
            tokens.Doubt();
        }

        foreach (var listener in doubted.SelectMany(s => s.Listeners))
        {
            listener.OnDoubt();
        }

        foreach (var listener in touched.SelectMany(s => s.Listeners))
        {
            listener.OnNews();
        }
    }

    private static bool ChangesStanding(string type) => type is EventTypes.ClientUpdated or EventTypes.ClientRevoked or EventTypes.ClientSecretRevoked or EventTypes.TenantUpdated;
}

/// <summary>An event, ready to be sent to many.</summary>
internal sealed record StreamItem(long Position, string EventType, byte[] Json);

/// <summary>What a look into a stream gives: the items, and the position up to which there are no others.</summary>
internal sealed record StreamReading(IReadOnlyList<StreamItem> Items, long Through);

/// <summary>The newest events of a tenant: all that come after a floor. What is older is in the tables.</summary>
internal sealed class TenantStream(TenantStreams streams, string tenantId, long floor)
{
    /// <summary>The floor of a stream that holds nothing to rely on.</summary>
    public const long Nothing = long.MaxValue;

    private const int Capacity = 512;

    private readonly Lock _lock = new();
    private readonly StreamItem[] _ring = new StreamItem[Capacity];
    private int _count;
    private int _next;
    private long _floor = floor;

    public string TenantId { get; } = tenantId;

    public ITenantListener[] Listeners { get; set; } = [];

    /// <summary>What comes after a position; null when the stream does not go back so far.</summary>
    /// <remarks>How far the process had come is asked before the look: what was followed by then is in the items.</remarks>
    public StreamReading? ReadAfter(long position)
    {
        var through = streams.Followed;
        lock (_lock)
        {
            if (position < _floor)
            {
                return null;
            }

            // From the newest back: most who look have seen all but the last.
            var first = _count;
            while (first > 0 && At(first - 1).Position > position)
            {
                first--;
            }

            StreamItem[] items = [.. Enumerable.Range(first, _count - first).Select(At)];
            return new(items, Math.Max(position, items.Length > 0 ? Math.Max(through, items[^1].Position) : through));
        }
    }

    public void BeginAt(long floor)
    {
        lock (_lock)
        {
            Array.Clear(_ring);
            (_count, _next, _floor) = (0, 0, floor);
        }
    }

    public void Append(SequencedEvent e)
    {
        var item = new StreamItem(e.Position, e.EventType, UpdateMessage.Of(e).ToJson());
        lock (_lock)
        {
            if (_count == Capacity)
            {
                _floor = _ring[_next].Position;
            }

            (_ring[_next], _next, _count) = (item, (_next + 1) % Capacity, Math.Min(_count + 1, Capacity));
        }
    }

    /// <summary>The items by age, the oldest first.</summary>
    private StreamItem At(int index) => _ring[(_next - _count + index + Capacity) % Capacity];
}
